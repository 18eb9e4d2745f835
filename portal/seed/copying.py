"""Rows into PostgreSQL through COPY."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self

import asyncpg
import orjson
from sqlalchemy import Table

from portal.progress import Report

#: A row by column; every row of a table names the same columns.
Row = Mapping[str, Any]

_PROGRESS_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Copier:
    """One database, in one transaction: either all of a service's data is there, or none."""

    connection: Any
    service: str
    report: Report
    #: What the service itself is told from outside: secrets that its rows are kept under.
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    async def open(
        cls, url: str, service: str, report: Report, environment: Mapping[str, str] | None = None
    ) -> Self:
        """Connect. `url` is `postgresql://…`."""
        connection = await asyncpg.connect(url)
        await connection.set_type_codec(
            "jsonb", encoder=_jsonb, decoder=orjson.loads, schema="pg_catalog", format="binary"
        )
        return cls(connection, service, report, environment or {})

    async def rows(self, table: Any, rows: Iterable[Row], total: int) -> int:
        """Copy rows, given as they are made; how many there were."""
        target: Table = table.__table__
        iterator = iter(rows)
        first = next(iterator, None)
        if first is None:
            return 0
        columns = list(first)
        counted = _Counted(chain([first], iterator), columns, self._reporter(target.name, total))
        await self.connection.copy_records_to_table(
            target.name, records=counted, columns=columns, timeout=3600
        )
        return counted.count

    def _reporter(self, table: str, total: int) -> "_Reporter":
        return _Reporter(f"{self.service}: {table.replace('_', ' ')}", total, self.report)


@dataclass(frozen=True, slots=True)
class _Reporter:
    what: str
    total: int
    report: Report

    def at(self, count: int) -> None:
        self.report(self.what, min(count, self.total), self.total)


@dataclass(slots=True)
class _Counted:
    rows: Iterator[Row]
    columns: list[str]
    reporter: _Reporter
    count: int = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self.rows:
            self.count += 1
            if self.count % _PROGRESS_EVERY == 0:
                self.reporter.at(self.count)
            yield tuple(row[column] for column in self.columns)
        self.reporter.at(self.count)


def _jsonb(value: Any) -> bytes:
    return b"\x01" + orjson.dumps(value)  # the version of PostgreSQL's binary form
