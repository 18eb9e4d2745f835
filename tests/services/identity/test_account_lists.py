"""Lists of accounts: searched, filtered, and walked page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from services.identity.models import AccountKind, AccountStatus, Role
from tests.support.identity import (
    a_member,
    a_relation,
    a_stranger,
    a_user,
    an_account,
    answered,
    ask,
    global_id,
    kept,
    signed_in,
)


@pytest.fixture(scope="module")
async def many(identity: Database) -> Any:
    """A partner's manager with three customers of different kinds and states."""
    manager, partner = a_user(), an_account("Zeta", kind=AccountKind.PARTNER)
    customers = [
        an_account("50% Off", number="N-PERCENT"),
        an_account("Omega", status=AccountStatus.SUSPENDED),
        an_account("omicron"),
    ]
    await kept(
        identity,
        *(manager, partner, *customers, a_member(partner, manager, Role.PARTNER_MANAGER)),
        *(a_relation(customer, partner) for customer in customers),
    )
    return await signed_in(identity, manager), partner


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("filter: {}", ["50% Off", "Omega", "Zeta", "omicron"]),
        ('search: "OM"', ["Omega", "omicron"]),
        ('search: " n-percent "', ["50% Off"]),
        ('search: "%"', ["50% Off"]),
        ('search: "  "', ["50% Off", "Omega", "Zeta", "omicron"]),
        ("filter: { status: SUSPENDED }", ["Omega"]),
        ("filter: { kind: PARTNER }", ["Zeta"]),
        ("filter: { partnerId: $partner }", ["50% Off", "Omega", "omicron"]),
        ('filter: { partnerId: "acc_nonsense" }', []),
    ],
)
async def test_accounts_are_searched_and_filtered(
    identity: Database, many: Any, arguments: str, names: list[str]
) -> None:
    caller, partner = many
    arguments = arguments.replace("$partner", f'"{global_id(partner)}"')

    data = await answered(
        identity, caller, f"{{ accounts({arguments}) {{ totalCount nodes {{ name }} }} }}"
    )

    found = data["accounts"]
    assert sorted(node["name"] for node in found["nodes"]) == names
    assert found["totalCount"] == len(names)


async def test_an_agent_lists_the_partners_customers(identity: Database) -> None:
    agent, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account("Mine")
    former = an_account("Former")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    await kept(
        identity,
        *(agent, partner, customer, former, a_member(partner, agent, Role.PARTNER_AGENT)),
        a_relation(customer, partner),
        a_relation(former, partner, until=yesterday),
    )

    data = await answered(
        identity,
        await signed_in(identity, agent),
        "query ($id: ID) { accounts(filter: { partnerId: $id }) { nodes { name } } }",
        id=global_id(partner),
    )

    assert data["accounts"]["nodes"] == [{"name": "Mine"}]


async def test_pages_of_accounts_follow_each_other(identity: Database, many: Any) -> None:
    caller, _ = many
    document = """query ($after: String) { accounts(first: 3, after: $after) {
        nodes { name } pageInfo { hasNextPage endCursor } } }"""

    first = (await answered(identity, caller, document))["accounts"]
    second = (await answered(identity, caller, document, after=first["pageInfo"]["endCursor"]))[
        "accounts"
    ]

    names = [node["name"] for node in first["nodes"] + second["nodes"]]
    assert len(set(names)) == 4
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: 101", "BAD_USER_INPUT"),
        ("first: -1", "BAD_USER_INPUT"),
        ('after: "forged"', "INVALID_CURSOR"),
    ],
)
async def test_a_page_that_cannot_be_is_refused_with_a_code(
    identity: Database, many: Any, arguments: str, code: str
) -> None:
    caller, _ = many

    result = await ask(identity, caller, f"{{ accounts({arguments}) {{ nodes {{ id }} }} }}")

    assert result.errors is not None
    assert [error.extensions for error in result.errors] == [{"code": code}]


async def test_a_cursor_of_one_caller_is_refused_to_another(identity: Database, many: Any) -> None:
    caller, _ = many
    page = await answered(identity, caller, "{ accounts(first: 1) { pageInfo { endCursor } } }")
    cursor = page["accounts"]["pageInfo"]["endCursor"]

    result = await ask(
        identity,
        a_stranger(),
        "query ($after: String) { accounts(after: $after) { nodes { id } } }",
        {"after": cursor},
    )

    assert result.errors is not None
    assert [error.extensions for error in result.errors] == [{"code": "INVALID_CURSOR"}]


async def test_a_cursor_that_is_refused_costs_its_own_list_only(
    identity: Database, many: Any
) -> None:
    caller, partner = many

    result = await ask(
        identity,
        caller,
        """query ($id: ID!) { account(id: $id) {
            good: members { totalCount } bad: members(after: "forged") { totalCount } } }""",
        {"id": global_id(partner)},
    )

    assert result.data == {"account": {"good": {"totalCount": 1}, "bad": None}}
    assert result.errors is not None
    assert [error.path for error in result.errors] == [["account", "bad"]]
