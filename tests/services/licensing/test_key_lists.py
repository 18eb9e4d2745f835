"""Lists of keys: views, filters, search, orders and pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.licensing.models import KeyProduct, ProductKey
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

LIST = """query (
    $view: KeyView, $filter: KeyFilter, $order: KeyOrder, $first: Int, $after: String
) { productKeys(view: $view, filter: $filter, orderBy: $order, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { id } } }"""


async def listed(database: Database, caller: Principal, **asked: Any) -> list[str]:
    """The ids of the list, which agree with its total."""
    data = await answered(database, caller, LIST, **asked)
    ids = [node["id"] for node in data["productKeys"]["nodes"]]
    assert data["productKeys"]["totalCount"] == len(ids)
    return ids


def ids_of(*keys: ProductKey) -> list[str]:
    return [global_id(key) for key in keys]


VIEWS: dict[str, dict[str, Any]] = {
    "lapsed": {"maintenance_ends_on": in_days(-1), "expires_on": None},
    "today": {"maintenance_ends_on": in_days(0), "expires_on": in_days(0)},
    "soon": {"maintenance_ends_on": in_days(90), "expires_on": in_days(90)},
    "later": {"maintenance_ends_on": in_days(91), "expires_on": in_days(91)},
    "forever": {"maintenance_ends_on": None, "expires_on": None},
}


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("ALL", {"lapsed", "today", "soon", "later", "forever"}),
        ("CURRENT_MAINTENANCE", {"today", "soon", "later"}),
        ("EXPIRED_MAINTENANCE", {"lapsed"}),
        ("EXPIRING", {"today", "soon"}),
    ],
)
async def test_views_by_date_count_the_last_day(
    licensing: Database, view: str, names: set[str]
) -> None:
    account = new_id()
    keys = {name: a_key(account, **dates) for name, dates in VIEWS.items()}
    await kept(licensing, *keys.values())

    found = await listed(licensing, a_caller(*ADMINISTRATOR, account_id=account), view=view)

    assert set(found) == {global_id(keys[name]) for name in names}


async def test_views_by_person_and_history(licensing: Database) -> None:
    account, me = new_id(), new_id()
    mine = a_key(account, **assigned_to("Me Myself", "me@example.com", me))
    owned = a_key(account, owner_id=me, **assigned_to("Ada Byron", "ada@example.com"))
    registered = a_key(account)
    await kept(licensing, mine, owned, registered, a_registration(registered))
    caller = a_caller(*ADMINISTRATOR, account_id=account, id=me)

    found = {
        view: set(await listed(licensing, caller, view=view))
        for view in ("MINE", "UNREGISTERED", "UNASSIGNED")
    }

    assert found == {
        "MINE": set(ids_of(mine, owned)),
        "UNREGISTERED": set(ids_of(mine, owned)),
        "UNASSIGNED": set(ids_of(registered)),
    }


async def test_filters_must_all_match(licensing: Database) -> None:
    account = new_id()
    group, deployment = a_group(account), a_deployment(account)
    both = a_key(account, group_id=group.id, deployment_id=deployment.id)
    grouped = a_key(account, group_id=group.id, product=KeyProduct.SERVER)
    await kept(licensing, group, deployment, both, grouped)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    async def found(**filter: Any) -> list[str]:
        return await listed(licensing, caller, filter=filter)

    in_group = {"groupId": global_id(group)}
    assert set(await found(**in_group)) == set(ids_of(both, grouped))
    assert await found(**in_group, deploymentId=global_id(deployment)) == ids_of(both)
    assert await found(**in_group, product=["SERVER", "PREP"]) == ids_of(grouped)
    assert await found(product=[]) == []
    assert await found(groupId="nonsense") == []
    assert await found(groupId=to_global("grp", new_id())) == []


async def test_filters_by_text_and_date(licensing: Database) -> None:
    account = new_id()
    ada = a_key(account, expires_on=in_days(9), **assigned_to("Ada 100%", "ada@example.com"))
    bob = a_key(account, expires_on=in_days(10), **assigned_to("Bob_by", "bob@example.com"))
    earlier = a_registration(bob, "Grace Hopper", at=datetime.now(UTC) - timedelta(days=2))
    latest = a_registration(bob, "Robert Tables", email="bobby@example.com")
    await kept(licensing, ada, bob, earlier, latest)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    async def found(**filter: Any) -> list[str]:
        return await listed(licensing, caller, filter=filter)

    assert await found(assignedTo="ADA 100%") == ids_of(ada)
    assert await found(assignedTo="_b") == ids_of(bob)
    assert await found(assignedTo="bob@EXAMPLE") == ids_of(bob)
    assert await found(registeredTo="tables") == ids_of(bob)
    assert await found(registeredTo="bobby@") == ids_of(bob)
    assert await found(registeredTo="hopper") == []
    assert await found(expiresBefore=in_days(10).isoformat()) == ids_of(ada)
    assert len(await found(assignedTo=" ")) == 2


@pytest.mark.parametrize(
    "text", ["byron", "ADA@", "lab 7", "cc-12", "for testing", "hopper", "grace@", "navy", " ada "]
)
async def test_search_looks_at_assignment_reference_and_all_registrations(
    licensing: Database, text: str
) -> None:
    account = new_id()
    key = a_key(
        account,
        reference_label="Lab 7",
        reference_cost_centre="CC-12",
        reference_note="For testing",
        **assigned_to("Ada Byron", "ada@example.com"),
    )
    first = a_registration(key, "Grace Hopper", email="grace@example.com", company="Navy")
    last = a_registration(key, None)
    await kept(licensing, key, a_key(account), first, last)

    caller = a_caller(*ADMINISTRATOR, account_id=account)

    assert await listed(licensing, caller, filter={"search": text}) == ids_of(key)


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "日本", "مفتاح", "TC"])
async def test_search_knows_no_wildcards_and_no_part_of_a_key(
    licensing: Database, text: str
) -> None:
    account = new_id()
    await kept(licensing, a_key(account, **assigned_to("Ada Byron", "ada@example.com")))

    caller = a_caller(*ADMINISTRATOR, account_id=account)

    assert await listed(licensing, caller, filter={"search": text}) == []


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


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "ACTIVE"),
        ({"expires_on": in_days(0)}, "ACTIVE"),
        ({"expires_on": in_days(-1)}, "EXPIRED"),
        ({"starts_on": in_days(1), "visible_from": in_days(-14)}, "PENDING"),
        ({"expires_on": None}, "ACTIVE"),
        ({"suspended_at": datetime.now(UTC)}, "SUSPENDED"),
        ({"suspended_at": datetime.now(UTC), "revoked_at": datetime.now(UTC)}, "REVOKED"),
        ({"expires_on": in_days(-1), "revoked_at": datetime.now(UTC)}, "REVOKED"),
    ],
)
async def test_a_key_says_what_it_is_good_for_today(
    licensing: Database, values: dict[str, Any], state: str
) -> None:
    account = new_id()
    key = a_key(account, **values)
    await kept(licensing, key)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    found = await entity(licensing, caller, "ProductKey", global_id(key), "{ state }")

    assert found == {"state": state}
