"""Lists of keys: views, filters and search, and the state that a key is in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import KeyProduct
from tests.support.key_lists import ids_of, listed
from tests.support.licensing import (
    ADMINISTRATOR,
    a_caller,
    a_deployment,
    a_group,
    a_key,
    a_registration,
    assigned_to,
    entity,
    global_id,
    in_days,
    kept,
)

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
