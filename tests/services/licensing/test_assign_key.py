"""Giving keys to people: who may, what comes of it, and what is announced."""

from typing import Any

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import Assignment
from tests.support.assigning import an_input, announced, assign, history, refusal
from tests.support.licensing import (
    ADMINISTRATOR,
    GROUP_MANAGER,
    INDIVIDUAL,
    a_caller,
    a_group,
    a_key,
    a_manager,
    answered,
    assigned_to,
    global_id,
    in_days,
    kept,
)


@pytest.mark.parametrize("access", [True, False])
async def test_an_administrator_gives_a_key(licensing: Database, access: bool) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    payload = await assign(
        licensing, admin, an_input(key, email=" ada@example.com ", grantPortalAccess=access)
    )

    assert payload == {
        "productKey": {
            "id": global_id(key),
            "version": 2,
            "assignment": {"name": "Ada Byron", "email": "ada@example.com", "user": None},
            "viewerCan": {"assign": True},
        },
        "errors": [],
    }
    [row] = await history(licensing, key)
    assert (row.portal_access, row.assigned_by_id, row.ended_at) == (access, admin.id, None)
    assert await announced(licensing, key) == [
        {
            "key_id": str(key.id),
            "account_id": str(account),
            "masked_key": key.masked,
            "first_name": "Ada",
            "last_name": "Byron",
            "email": "ada@example.com",
            "grant_portal_access": access,
            "assigned_by_id": str(admin.id),
        }
    ]


async def test_somebody_whom_the_account_knows_finds_the_key_among_their_own(
    licensing: Database,
) -> None:
    account, ada = new_id(), new_id()
    before, key = a_key(account), a_key(account)
    known = Assignment(
        account_id=account,
        key_id=before.id,
        first_name="Ada",
        last_name="Byron",
        email="Ada@Example.com",
        email_key="ada@example.com",
        user_id=ada,
    )
    await kept(licensing, before, key, known)

    payload = await assign(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        an_input(key, email="ADA@example.com"),
    )
    mine = await answered(
        licensing,
        a_caller(*INDIVIDUAL, account_id=account, id=ada),
        "{ productKeys(view: MINE) { nodes { id } } }",
    )

    assert payload["productKey"]["assignment"]["user"] == {"id": to_global("user", ada)}
    assert mine["productKeys"]["nodes"] == [{"id": global_id(key)}]


async def test_a_group_manager_gives_keys_of_managed_groups_only(licensing: Database) -> None:
    account, person = new_id(), new_id()
    mine, other = a_group(account, "Mine"), a_group(account, "Other")
    key, foreign = a_key(account, group_id=mine.id), a_key(account, group_id=other.id)
    own = a_key(account, owner_id=person)
    await kept(licensing, mine, other, a_manager(mine, person), key, foreign, own)
    caller = a_caller(*GROUP_MANAGER, account_id=account, id=person)

    assert (await assign(licensing, caller, an_input(key)))["errors"] == []
    assert await refusal(licensing, caller, an_input(foreign)) == ("NOT_FOUND", ["keyId"])
    assert await refusal(licensing, caller, an_input(own)) == ("FORBIDDEN", ["keyId"])


async def test_who_sees_a_key_may_not_therefore_give_it(licensing: Database) -> None:
    account, person = new_id(), new_id()
    key = a_key(account, owner_id=person)
    await kept(licensing, key)
    reader = a_caller(Capability.KEY_READ_ALL, account_id=account)
    owner = a_caller(*INDIVIDUAL, account_id=account, id=person)

    for caller in (reader, owner):
        assert await refusal(licensing, caller, an_input(key)) == ("FORBIDDEN", ["keyId"])
    assert await history(licensing, key) == []


@pytest.mark.parametrize(
    "dates",
    [{"expires_on": in_days(0)}, {"starts_on": in_days(1), "visible_from": in_days(-1)}],
    ids=["last day", "not started"],
)
async def test_a_key_is_given_before_it_starts_and_on_its_last_day(
    licensing: Database, dates: dict[str, Any]
) -> None:
    account = new_id()
    key = a_key(account, **dates)
    await kept(licensing, key)

    payload = await assign(licensing, a_caller(*ADMINISTRATOR, account_id=account), an_input(key))

    assert payload["errors"] == []


@pytest.mark.parametrize(
    ("had_access", "granted", "version"),
    [(False, False, 1), (True, False, 1), (True, True, 1), (False, True, 2)],
)
async def test_whoever_has_the_key_can_only_be_given_access_besides(
    licensing: Database, had_access: bool, granted: bool, version: int
) -> None:
    account = new_id()
    key = a_key(account, **assigned_to("Ada Byron", "Ada@Example.com"))
    before = Assignment(
        account_id=account,
        key_id=key.id,
        first_name="Ada",
        last_name="Byron",
        email="Ada@Example.com",
        email_key="ada@example.com",
        portal_access=had_access,
    )
    await kept(licensing, key, before)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    payload = await assign(licensing, admin, an_input(key, grantPortalAccess=granted))

    assert payload["productKey"]["version"] == version
    events = [event["grant_portal_access"] for event in await announced(licensing, key)]
    assert events == [True] * (version - 1)
    [row] = await history(licensing, key)
    assert row.portal_access is (had_access or granted)


async def test_the_same_request_twice_gives_the_key_once(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin, input = a_caller(*ADMINISTRATOR, account_id=account), an_input(key)

    first, second = [await assign(licensing, admin, input) for _ in range(2)]

    assert first == second
    assert len(await announced(licensing, key)) == 1


@pytest.mark.parametrize(
    ("caller", "assignable"), [(ADMINISTRATOR, True), (GROUP_MANAGER, True), (INDIVIDUAL, False)]
)
async def test_viewer_can_says_beforehand_what_may_be_done(
    licensing: Database, caller: tuple[Capability, ...], assignable: bool
) -> None:
    account, person = new_id(), new_id()
    group = a_group(account)
    key = a_key(account, group_id=group.id, owner_id=person)
    expired = a_key(account, group_id=group.id, owner_id=person, expires_on=in_days(-1))
    await kept(licensing, group, a_manager(group, person), key, expired)

    data = await answered(
        licensing,
        a_caller(*caller, account_id=account, id=person),
        """query ($key: ID, $expired: ID) {
            key: productKey(id: $key) { viewerCan { reveal assign edit changeOwner } }
            expired: productKey(id: $expired) { viewerCan { assign edit } } }""",
        key=global_id(key),
        expired=global_id(expired),
    )

    assert data == {
        "key": {
            "viewerCan": {
                "reveal": True,
                "assign": assignable,
                "edit": assignable,
                "changeOwner": caller == ADMINISTRATOR,
            }
        },
        "expired": {"viewerCan": {"assign": False, "edit": assignable}},
    }
