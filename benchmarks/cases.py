"""`python -m benchmarks.cases`: what statistics over half a million cases cost.

A PostgreSQL of its own is filled and thrown away. Each pair of dimensions is counted as a desk
sees it, once over the backlog and once over all cases, and told as a ratio to a plain `count(*)`
of all of them; the plans of the slowest and of the quickest follow.
"""

import asyncio
import tempfile
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import event, text

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.migrations import upgrade
from kit.principal import Principal
from portal.embedded.postgres import PostgresServer
from services.cases.models import CaseQueue, CaseStatus
from services.cases.repository.query import CaseSelection
from services.cases.repository.statistics import CaseDimension, StatisticsRepository

_CASES: Final = 500_000
_ROUNDS: Final = 3
_NAME: Final = "benchmark"
_EXTENSIONS: Final = ("pg_trgm", "unaccent", "citext", "btree_gin", "btree_gist")

#: The youngest tenth is open, of 100 accounts and 40 people; each tells 600 characters.
_FILL: Final = f"""
DROP INDEX ix_cases_text_trigrams;
INSERT INTO cases (id, number, account_id, requester_id, queue, status, impact, severity, subject,
    description, assignee_id, due_at, created_at, updated_at, customer_updated_at, reopen_count,
    version, staff_changes)
SELECT gen_random_uuid(), lpad(n::text, 8, '0'), lpad((n % 100)::text, 32, 'a')::uuid,
    gen_random_uuid(),
    (ARRAY['TECHNICAL_SUPPORT', 'CUSTOMER_SERVICE', 'LICENSING'])[1 + n % 3],
    CASE WHEN n > {_CASES} * 9 / 10
        THEN (ARRAY['NEW', 'OPEN', 'PENDING_CUSTOMER', 'ON_HOLD'])[1 + n % 4]
        ELSE (ARRAY['RESOLVED', 'CLOSED'])[1 + n % 2] END,
    (ARRAY['QUESTION', 'REDUCED', 'SEVERE', 'PRODUCTION_DOWN'])[1 + n / 7 % 4],
    nullif(n % 5, 0), 'Case ' || n, repeat('It does not work. ', 33),
    CASE WHEN n % 4 > 0 THEN lpad((n % 40)::text, 32, 'b')::uuid END,
    CASE WHEN n > {_CASES} * 9 / 10 AND n % 2 = 0
        THEN now() + (n % 96 - 48) * interval '1 hour' END,
    now() - ({_CASES} - n) * interval '3 minutes', now(), now(), 0, 1, 0
FROM generate_series(1, {_CASES}) AS n;
VACUUM ANALYZE cases;
"""

_DESK: Final = Principal(
    kind=PrincipalKind.STAFF,
    id=new_id(),
    everywhere=frozenset({Capability.STAFF_CASE, Capability.AGGREGATE_READ}),
    queues=frozenset(queue.name for queue in CaseQueue),
)
_SELECTIONS: Final = {
    "backlog": CaseSelection(),
    "all": CaseSelection(status=tuple(CaseStatus)),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """How long it took, in seconds, and what was sent."""

    name: str
    seconds: float
    statements: Sequence[tuple[str, Any]]


def main() -> None:
    """Print each pair's cost, and some plans."""
    with (
        tempfile.TemporaryDirectory(prefix="cases-") as folder,
        PostgresServer(Path(folder) / "postgres", durable=False) as server,
    ):
        url = _filled(server)
        asyncio.run(_measure(url))


def _filled(server: PostgresServer) -> str:
    server.run_sql(f"CREATE DATABASE {_NAME} TEMPLATE template0;")
    server.run_sql("".join(f"CREATE EXTENSION {each};\n" for each in _EXTENSIONS), database=_NAME)
    url = server.superuser_url(_NAME)
    upgrade("cases", url)
    server.run_sql(_FILL, database=_NAME)
    return url


async def _measure(url: str) -> None:
    database = Database(url)
    try:
        plain = await _plain_count(database)
        print(f"count(*) of {_CASES:,} cases: {plain * 1000:.0f} ms")
        for name, selection in _SELECTIONS.items():
            found = [
                await _counted(database, selection, pair) for pair in combinations(CaseDimension, 2)
            ]
            for each in found:
                _tell(name, each, plain)
            ordered = sorted(found, key=lambda each: each.seconds)
            await _explain(database, ordered[-1])
            await _explain(database, ordered[0])
    finally:
        await database.close()


async def _plain_count(database: Database) -> float:
    times = []
    for _ in range(_ROUNDS):
        async with database.system() as session:
            start = time.perf_counter()
            await session.execute(text("SELECT count(*) FROM cases"))
            times.append(time.perf_counter() - start)
    return median(times)


async def _counted(
    database: Database, selection: CaseSelection, pair: Sequence[CaseDimension]
) -> Measured:
    times = []
    for _ in range(_ROUNDS):
        with _statements(database) as sent:
            async with database.session(_DESK) as session:
                start = time.perf_counter()
                await StatisticsRepository(session, _DESK).stats(selection, pair)
                times.append(time.perf_counter() - start)
    return Measured(" × ".join(pair), median(times), sent)


def _tell(selection: str, measured: Measured, plain: float) -> None:
    print(
        f"{selection:8} {measured.name:24} {measured.seconds * 1000:6.0f} ms "
        f"{measured.seconds / plain:5.1f} × count(*)  {len(measured.statements)} statement"
    )


async def _explain(database: Database, measured: Measured) -> None:
    ((statement, parameters),) = measured.statements
    async with database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters)
        print(f"\n{measured.name}:")
        for line in plan.scalars():
            print(" ", textwrap.shorten(line, 100) if "CASE" in line else line)


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def see(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", see)


if __name__ == "__main__":
    main()
