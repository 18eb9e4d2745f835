"""Lists of keys: orders, pages, cursors, and how many statements they take."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.licensing.models import KeyProduct
from tests.support.key_lists import LIST, ids_of, listed
from tests.support.licensing import (
    ADMINISTRATOR,
    a_caller,
    a_deployment,
    a_group,
    a_key,
    a_registration,
    answered,
    ask,
    assigned_to,
    entity,
    global_id,
    in_days,
    kept,
    statements,
)


async def test_without_an_order_the_newest_keys_come_first_and_expiring_ones_by_their_end(
    licensing: Database,
) -> None:
    account = new_id()
    old = a_key(account, starts_on=in_days(-300), maintenance_ends_on=in_days(60))
    new = a_key(account, starts_on=in_days(-10), maintenance_ends_on=in_days(80))
    await kept(licensing, old, new)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    assert await listed(licensing, caller) == ids_of(new, old)
    assert await listed(licensing, caller, view="EXPIRING") == ids_of(old, new)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(
    "field",
    ["EXPIRES_ON", "MAINTENANCE_ENDS_ON", "PRODUCT", "LAST_REGISTERED", "ASSIGNED_TO"],
)
async def test_every_order_pages_through_all_with_blanks_last(
    licensing: Database, field: str, direction: str
) -> None:
    account, now = new_id(), datetime.now(UTC)
    full = [
        a_key(
            account,
            product=product,
            expires_on=in_days(days),
            maintenance_ends_on=in_days(days),
            last_registered_at=now - timedelta(days=100 - days),
            **assigned_to(f"{days:03} Somebody", "some@example.com"),
        )
        for days, product in [
            (10, KeyProduct.CREATOR),
            (20, KeyProduct.DESKTOP),
            (20, KeyProduct.DESKTOP),
            (30, KeyProduct.SERVER),
        ]
    ]
    blank = a_key(account, product=KeyProduct.SERVER, expires_on=None, maintenance_ends_on=None)
    await kept(licensing, *full, blank)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    ids: list[str] = []
    after: str | None = None
    for _ in range(5):
        data = await answered(
            licensing,
            caller,
            LIST,
            order={"field": field, "direction": direction},
            first=1,
            after=after,
        )
        page = data["productKeys"]
        ids += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert page["pageInfo"]["hasNextPage"] is False
    assert sorted(ids) == sorted(ids_of(*full, blank))
    ranks = dict(zip(ids_of(*full), (0, 1, 1, 2), strict=True))
    found = [ranks[id] for id in ids if id in ranks]
    assert found == sorted(found, reverse=direction == "DESC")
    assert field == "PRODUCT" or ids[-1] == global_id(blank)


@pytest.mark.parametrize(
    "field",
    ["EXPIRES_ON", "MAINTENANCE_ENDS_ON", "PRODUCT", "LAST_REGISTERED", "ASSIGNED_TO"],
)
async def test_an_accounts_list_has_the_same_order_page_by_page(
    licensing: Database, field: str
) -> None:
    account, now = new_id(), datetime.now(UTC)
    keys = [
        a_key(
            account,
            product=product,
            expires_on=in_days(days),
            maintenance_ends_on=in_days(days),
            last_registered_at=now + timedelta(days=days),
            **assigned_to(f"{days} Somebody", "some@example.com"),
        )
        for days, product in enumerate(sorted(KeyProduct)[:4], start=1)
    ]
    await kept(licensing, *keys)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    ids: list[str] = []
    after = ""
    for _ in keys:
        page = await entity(
            licensing,
            caller,
            "Account",
            to_global("acc", account),
            f"""{{ productKeys(first: 1, orderBy: {{field: {field}, direction: DESC}}{after}) {{
                pageInfo {{ endCursor }} nodes {{ id }} }} }}""",
        )
        ids += [node["id"] for node in page["productKeys"]["nodes"]]
        after = f', after: "{page["productKeys"]["pageInfo"]["endCursor"]}"'

    assert ids == ids_of(*reversed(keys))


@pytest.mark.parametrize("first", [-1, 101])
async def test_a_page_has_at_most_a_hundred_keys(licensing: Database, first: int) -> None:
    caller = a_caller(*ADMINISTRATOR, account_id=new_id())

    result = await ask(licensing, caller, LIST, {"first": first})

    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "BAD_USER_INPUT"}


async def test_a_page_of_none_still_counts(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account))

    data = await answered(licensing, a_caller(*ADMINISTRATOR, account_id=account), LIST, first=0)

    assert data["productKeys"]["nodes"] == []
    assert data["productKeys"]["totalCount"] == 1
    assert data["productKeys"]["pageInfo"]["hasNextPage"] is True


async def test_a_cursor_is_good_for_its_list_and_caller_only(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account), a_key(account))
    caller, other = (a_caller(*ADMINISTRATOR, account_id=account) for _ in range(2))
    data = await answered(licensing, caller, LIST, first=1)
    cursor = data["productKeys"]["pageInfo"]["endCursor"]

    refusals = [
        await ask(licensing, caller, LIST, {"after": cursor, "view": "UNASSIGNED"}),
        await ask(licensing, caller, LIST, {"after": cursor, "filter": {"search": "x"}}),
        await ask(licensing, caller, LIST, {"after": f"{cursor[:-4]}AAA="}),
        await ask(licensing, other, LIST, {"after": cursor}),
    ]

    codes = [result.errors and result.errors[0].extensions for result in refusals]
    assert codes == [{"code": "INVALID_CURSOR"}] * 4


async def test_keys_made_while_paging_neither_repeat_nor_hide_others(licensing: Database) -> None:
    account = new_id()
    keys = [a_key(account, starts_on=in_days(-day)) for day in range(10, 14)]
    await kept(licensing, *keys)
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    first = await answered(licensing, caller, LIST, first=2)

    await kept(licensing, a_key(account, starts_on=in_days(0)))
    after = first["productKeys"]["pageInfo"]["endCursor"]
    second = await answered(licensing, caller, LIST, first=2, after=after)

    pages = [*first["productKeys"]["nodes"], *second["productKeys"]["nodes"]]
    assert [node["id"] for node in pages] == ids_of(*keys)


HOME = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account {
    productKeys(view: EXPIRING, first: 5) {
        totalCount nodes { maskedKey maintenanceEndsOn } } } } }"""


async def test_the_keys_of_ten_accounts_take_a_page_and_a_count(licensing: Database) -> None:
    accounts = [new_id() for _ in range(10)]
    await kept(
        licensing,
        *(a_key(id, maintenance_ends_on=in_days(n)) for id in accounts for n in range(3)),
    )
    caller = Principal(
        kind=a_caller(account_id=accounts[0]).kind,
        id=new_id(),
        accounts=dict.fromkeys(accounts, frozenset(ADMINISTRATOR)),
    )

    with statements(licensing) as seen:
        data = await answered(
            licensing,
            caller,
            HOME,
            of=[{"__typename": "Account", "id": to_global("acc", id)} for id in accounts],
        )

    assert len(seen) == 2
    assert [each["productKeys"]["totalCount"] for each in data["_entities"]] == [3] * 10


PAGE = """{ productKeys(first: 50) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id maskedKey product edition seats state expiresOn maintenanceEndsOn account { id }
        owner { id } assignment { name email } lastRegistration { name email at version }
        activationsUsed activationsAllowed group { name } deployment { name }
        reference { label costCentre note } contract { id }
        viewerCan { reveal assign edit changeOwner } } } }"""


@pytest.mark.parametrize("count", [1, 20])
async def test_a_page_takes_as_many_statements_however_many_keys_it_has(
    licensing: Database, count: int
) -> None:
    account = new_id()
    rows: list[Any] = []
    for n in range(count):
        group, deployment = a_group(account, f"{n}"), a_deployment(account)
        key = a_key(account, group_id=group.id, deployment_id=deployment.id)
        rows += [group, deployment, key, a_registration(key)]
    await kept(licensing, *rows)

    with statements(licensing) as seen:
        data = await answered(licensing, a_caller(*ADMINISTRATOR, account_id=account), PAGE)

    # The keys, their number, registrations, groups, deployments, whether people sign in there.
    assert len(seen) == 6
    assert data["productKeys"]["totalCount"] == count


async def test_a_total_that_nobody_asked_for_is_not_counted(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account))

    with statements(licensing) as seen:
        await answered(
            licensing,
            a_caller(*ADMINISTRATOR, account_id=account),
            "{ productKeys { edges { cursor node { id } } } }",
        )

    assert len(seen) == 1
