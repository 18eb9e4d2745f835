"""The operations of real clients, as people with different rights, against the oracle."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from kit.ids import to_global
from tests.e2e.oracle.people import LOGINS, Everybody, agree, everybody_of
from tests.e2e.oracle.rows import Row, Rows
from tests.support.running_portal import RunningPortal

pytestmark = pytest.mark.e2e

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


@pytest_asyncio.fixture(scope="module")
async def everybody(portal: RunningPortal) -> AsyncIterator[Everybody]:
    async with everybody_of(portal) as people:
        yield people


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
