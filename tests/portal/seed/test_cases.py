"""The demonstration data of cases: complete, consistent, the same each time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import pytest_asyncio

from kit.database import Database
from kit.ids import to_global
from kit.principal import Principal
from portal.seed import cases
from portal.seed.copying import Copier
from portal.seed.identifiers import seeded_id
from portal.seed.scale import Scale
from portal.seed.world import World, make_world
from services.cases.models import CaseAccess, CaseImpact, CaseQueue, CaseStatus, FileState
from tests.support.cases import ALL, a_caller, answered, the_account
from tests.support.databases import Databases

NOW: Final = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SCALE: Final = Scale()


def report(what: str, done: int, total: int) -> None:
    """Nobody watches."""


async def loaded(url: str, world: World) -> Any:
    """A connection to a database with all of it."""
    copier = await Copier.open(url, "cases", report)
    await cases.load(copier, world, SCALE)
    return copier.connection


@pytest.fixture(scope="module")
def world() -> World:
    """The people and accounts."""
    return make_world(SCALE.accounts, NOW)


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    """The database that most tests look at."""
    return databases.of("cases")


@pytest_asyncio.fixture(scope="module")
async def seeded(url: str, world: World) -> AsyncIterator[Any]:
    """A connection to it."""
    connection = await loaded(url, world)
    try:
        yield connection
    finally:
        await connection.close()


async def test_the_data_are_the_same_each_time(
    seeded: Any, databases: Databases, world: World
) -> None:
    again = await loaded(databases.of("cases"), world)
    plain = "select * from cases order by id"

    try:
        assert await again.fetch(plain) == await seeded.fetch(plain)
    finally:
        await again.close()


@pytest.mark.parametrize(
    ("table", "column", "kinds"),
    [
        ("cases", "status", CaseStatus),
        ("cases", "queue", CaseQueue),
        ("cases", "impact", CaseImpact),
        ("case_files", "state", FileState),
        ("case_participants", "access", CaseAccess),
    ],
)
async def test_every_kind_is_there(seeded: Any, table: str, column: str, kinds: Any) -> None:
    rows = await seeded.fetch(f"select distinct {column} as kind from {table}")

    assert {row["kind"] for row in rows} == {kind.name for kind in kinds}


@pytest.mark.parametrize(
    "rows",
    [
        "cases where due_at < NOW",
        "cases where due_at > NOW",
        "cases where paused_at is not null and due_at is null",
        "cases where reopen_count > 0",
        "cases where product_key_id is not null",
        "cases where deployment_id is not null",
        "cases where invoice_id is not null",
        "cases where subject like '%<script>%'",
        "cases where updated_at > customer_updated_at",
        "case_comments where internal",
        "case_files where size > 2147483647",
        "case_files where size = 0",
        "upload_sessions where expires_at < NOW",
        "file_requests",
        "case_ratings where score = 1",
        "articles where language = 'fr'",
        "notification_preferences where not on_comment",
    ],
)
async def test_every_state_is_there(seeded: Any, rows: str) -> None:
    assert await count(seeded, rows) > 0


@pytest.mark.parametrize(
    "rows",
    [
        "cases where updated_at > NOW or customer_updated_at > updated_at",
        "cases where status in ('RESOLVED', 'CLOSED') and due_at is not null",
        "cases where (status = 'CLOSED') <> (closed_at is not null)",
        "cases where status = 'NEW' and first_responded_at is not null",
        "case_comments c join cases on cases.id = case_id where c.created_at < cases.created_at",
        "case_comments c join cases on cases.id = case_id where c.created_at > cases.updated_at",
        "case_events e join cases on cases.id = case_id where e.at < cases.created_at",
        "case_files f join cases on cases.id = case_id where f.account_id <> cases.account_id",
    ],
)
async def test_nothing_contradicts_itself(seeded: Any, rows: str) -> None:
    assert await count(seeded, rows) == 0


async def count(seeded: Any, rows: str) -> int:
    """How many rows there are; NOW is the moment of the world."""
    moment = rows.replace("NOW", f"timestamptz '{NOW.isoformat()}'")
    number: int = await seeded.fetchval(f"select count(*) from {moment}")
    return number


async def test_the_numbers_are_those_of_the_scale(seeded: Any, world: World) -> None:
    rows = await seeded.fetch("select account_id, count(*) as n from cases group by 1")

    expected = {customer.id: SCALE.cases_of(customer.share) for customer in world.customers}
    assert {row["account_id"]: row["n"] for row in rows} == expected


async def test_other_services_find_what_cases_name(seeded: Any, world: World) -> None:
    for customer in world.customers:
        keys = range(SCALE.keys_of(customer.share))
        invoices = range(SCALE.invoices_of(customer.share))
        rows = await seeded.fetch(
            "select product_key_id, invoice_id from cases where account_id = $1", customer.id
        )

        assert {row["product_key_id"] for row in rows} <= {
            None,
            *(seeded_id("key", customer.index, k) for k in keys),
        }
        assert {row["invoice_id"] for row in rows} <= {
            None,
            *(seeded_id("invoice", customer.index, k) for k in invoices),
        }


async def test_the_next_case_has_a_number_of_its_own(seeded: Any) -> None:
    number = await seeded.fetchval("select nextval('case_numbers')")

    assert number == 1 + int(await seeded.fetchval("select max(number) from cases"))


async def test_the_service_answers_from_it(seeded: Any, url: str, world: World) -> None:
    customer = world.customers[0]
    admin = a_caller(*ALL, account=customer.id)
    database = Database(url)

    try:
        data = await answered(database, admin, HOME, k=[account_key(admin)])
    finally:
        await database.close()

    account = data["_entities"][0]
    assert account["recent"]["totalCount"] > 0
    assert account["cases"]["totalCount"] > 12
    assert {stat["key"][0] for stat in account["caseStats"]} == {queue.name for queue in CaseQueue}


HOME: Final = """query ($k: [_Any!]!) { _entities(representations: $k) { ... on Account {
    recent: cases(view: ACTIVE_SUPPORT, first: 5) { totalCount nodes { number sla { breached } } }
    cases(view: ALL) { totalCount } caseStats(groupBy: [QUEUE]) { key count } } } }"""


def account_key(caller: Principal) -> dict[str, str]:
    """The caller's account, as other services name it."""
    return {"__typename": "Account", "id": to_global("acc", the_account(caller))}
