"""The operations of real clients, as people with different rights, against the oracle."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from graphql import ExecutionResult, GraphQLSchema

from gateway.supergraph.reader import read_supergraph
from kit.ids import to_global
from portal import demo
from portal.subgraphs import SUPERGRAPH
from tests.e2e.oracle import billing, cases, identity, licensing  # noqa: F401  they register
from tests.e2e.oracle.answers import Reader, answer
from tests.e2e.oracle.rights import person_of
from tests.e2e.oracle.rows import Row, Rows
from tests.support.running_portal import Client, RunningPortal

pytestmark = pytest.mark.e2e

OPERATIONS = Path(__file__).parent / "operations"
LOGINS = [user.email.partition("@")[0] for user in demo.USERS]

CASE_VIEWS = ("RECENTLY_VIEWED", "ACTIVE_SUPPORT", "OPENED_BY_ME", "ALL_OPEN", "ALL")
KEY_VIEWS = ("ALL", "CURRENT_MAINTENANCE", "EXPIRING", "UNREGISTERED", "UNASSIGNED", "MINE")
INVOICE_VIEWS = ("CURRENT", "UPCOMING", "UNPAID", "OVERDUE", "PAST", "UP_FOR_RENEWAL", "ALL")
ORDERS = (None, {"field": "CREATED_AT", "direction": "ASC"})

READS: list[tuple[str, Mapping[str, Any]]] = [
    ("dash_backlog", {}),
    ("mob_badge", {}),
    ("mob_keys", {}),
    ("spa_home", {}),
    *(("spa_cases", {"view": view, "order": order}) for view in CASE_VIEWS for order in ORDERS),
    *(("spa_keys", {"view": view}) for view in KEY_VIEWS),
    *(("spa_invoices", {"view": view}) for view in INVOICE_VIEWS),
]


@dataclass(frozen=True)
class Everybody:
    """All demo users, signed in, and everything that the databases hold since."""

    clients: Mapping[str, Client]
    rows: Rows
    schema: GraphQLSchema

    def reader(self, login: str) -> Reader:
        person = person_of(self.rows, f"{login}@example.com")
        return Reader(self.rows, person, datetime.now(UTC))

    def expected(self, login: str, text: str, variables: Mapping[str, Any]) -> ExecutionResult:
        return answer(self.schema, self.reader(login), text, variables)


@pytest_asyncio.fixture(scope="module")
async def everybody(portal: RunningPortal) -> AsyncIterator[Everybody]:
    async with ClientSession() as session:
        clients = {login: await portal.client(session).signed_in(login) for login in LOGINS}
        rows = await Rows.read(portal.database_urls)
        schema = read_supergraph(SUPERGRAPH.read_text()).api_schema
        yield Everybody(clients, rows, schema)


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    ("operation", "variables"),
    READS,
    ids=["-".join([name, *map(str, variables.values())]) for name, variables in READS],
)
async def test_a_page_shows_what_the_rows_say(
    everybody: Everybody, login: str, operation: str, variables: Mapping[str, Any]
) -> None:
    await agree(everybody, login, operation, variables)


@pytest.mark.parametrize("login", LOGINS)
async def test_every_account_shows_what_the_rows_say(everybody: Everybody, login: str) -> None:
    for account in everybody.rows.all("identity.accounts")[:8]:
        await agree(everybody, login, "spa_account", {"id": to_global("acc", account["id"])})


@pytest.mark.parametrize("login", LOGINS)
async def test_every_kind_of_case_shows_what_the_rows_say(everybody: Everybody, login: str) -> None:
    for case in one_of_each_kind(everybody.rows):
        await agree(everybody, login, "spa_case", {"number": case["number"]})


def one_of_each_kind(rows: Rows) -> list[Row]:
    """A case of each status and queue, in the first accounts."""
    first = [account["id"] for account in rows.all("identity.accounts")[:3]]
    kinds: dict[tuple[Any, ...], Row] = {}
    for case in rows.all("cases.cases"):
        if case["account_id"] in first:
            kinds.setdefault((case["account_id"], case["status"], case["queue"]), case)
    assert kinds
    return list(kinds.values())


async def agree(
    everybody: Everybody, login: str, operation: str, variables: Mapping[str, Any]
) -> None:
    """The portal and the oracle give the same data; what is denied needs a right not held."""
    text = (OPERATIONS / f"{operation}.graphql").read_text()

    answered = await everybody.clients[login].ask(text, variables)
    expected = everybody.expected(login, text, variables)

    assert opaque(answered["data"]) == opaque(expected.data)
    person = everybody.reader(login).person
    for error in answered.get("errors", ()):
        assert error["extensions"]["code"] == "FORBIDDEN_FIELD"
        assert not person.holds_any(*capabilities(error["extensions"]["required"]))


def capabilities(required: str) -> list[str]:
    """What one of would have been enough: `case:read:all or staff:case`."""
    return [scope.upper().replace(":", "_") for scope in required.split(" or ")]


def opaque(value: Any) -> Any:
    """The data without what only the portal can know: cursors and signed addresses."""
    if isinstance(value, dict):
        return {
            key: "…" if key in ("endCursor", "downloadUrl") and each else opaque(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [opaque(each) for each in value]
    return value
