"""Sharing a case: with whom, by whom, and what is seen of it."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from kit.contract import PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.cases.models import Case, CaseQueue, Person, PersonMembership
from tests.support.case_changes import (
    announced,
    did,
    history,
    known,
    refusals,
    stored,
    user_id,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    global_id,
    kept,
    staff,
    the_account,
)


async def shared(
    cases: Database, caller: Principal, case: Case, friend: Principal, access: str = "READ"
) -> Any:
    """The payload of sharing."""
    values = {"case": global_id(case), "user": user_id(friend), "access": access}
    return await did(cases, caller, "shareCase", **values)


async def unshared(cases: Database, caller: Principal, case: Case, friend: Principal) -> Any:
    """The payload of its end."""
    return await did(cases, caller, "unshareCase", case=global_id(case), user=user_id(friend))


async def sees(cases: Database, caller: Principal, case: Case) -> bool:
    """Whether the caller sees the case."""
    return not (await did(cases, caller, "markCaseViewed", case=global_id(case)))["errors"]


async def test_a_colleague_sees_a_case_while_it_is_shared_with_them(cases: Database) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)

    before = await sees(cases, friend, case)
    given = await shared(cases, me, case, friend)
    during = await sees(cases, friend, case)
    taken = await unshared(cases, me, case, friend)

    assert (before, during, await sees(cases, friend, case)) == (False, True, False)
    assert given["case"]["participants"] == [{"user": {"id": user_id(friend)}, "access": "READ"}]
    assert (taken["case"]["participants"], taken["case"]["version"]) == ([], 3)
    assert await history(cases, case) == [
        ("SHARED", None, user_id(friend)),
        ("UNSHARED", user_id(friend), None),
    ]
    assert await announced(cases, case) == ["cases.case-shared", "cases.case-unshared"]


async def test_sharing_twice_is_for_what_was_said_last(cases: Database) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)

    await shared(cases, me, case, friend, "READ")
    await shared(cases, me, case, friend, "READ")
    payload = await shared(cases, me, case, friend, "COMMENT")

    assert [each["access"] for each in payload["case"]["participants"]] == ["COMMENT"]
    assert payload["case"]["version"] == 3
    assert len(await history(cases, case)) == 2


@pytest.mark.parametrize("name", ["shareCase", "unshareCase"])
async def test_the_requester_is_no_participant(cases: Database, name: str) -> None:
    me = a_caller(*OWN)
    boss = a_colleague(me, *ALL)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, me)
    access = {"shareCase": {"access": "READ"}, "unshareCase": {}}[name]

    payload = await did(cases, boss, name, case=global_id(case), user=user_id(me), **access)

    assert refusals(payload) == [("INVALID", ["userId"])]


async def test_a_case_is_shared_within_its_account_only(cases: Database) -> None:
    me, stranger, former = a_caller(*OWN), a_caller(*OWN), a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, stranger)

    payloads = [
        await shared(cases, me, case, stranger),
        await shared(cases, me, case, former),
        await did(cases, me, "shareCase", case=global_id(case), user="nobody", access="READ"),
    ]

    assert [refusals(payload) for payload in payloads] == [[("NOT_FOUND", ["userId"])]] * 3
    assert (await stored(cases, case)).version == 1


async def test_unsharing_what_is_not_shared_changes_nothing(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    payload = await unshared(cases, me, case, a_caller(*OWN))

    assert (payload["errors"], payload["case"]["version"]) == ([], 1)
    assert await announced(cases, case) == []


@pytest.mark.parametrize("access", ["READ", "COMMENT"])
async def test_participants_do_not_share(cases: Database, access: str) -> None:
    me = a_caller(*OWN)
    friend, other = a_colleague(me, *OWN), a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend, other)
    await shared(cases, me, case, friend, access)

    payloads = [
        await shared(cases, friend, case, other),
        await unshared(cases, friend, case, friend),
    ]

    assert [refusals(payload) for payload in payloads] == [[("FORBIDDEN", ["caseId"])]] * 2


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (a_caller(*ALL), "NOT_FOUND"),
        (staff(CaseQueue.LICENSING), "NOT_FOUND"),
    ],
    ids=["another account", "another queue"],
)
async def test_who_does_not_see_the_case_finds_none_to_share(
    cases: Database, caller: Principal, code: str
) -> None:
    case = a_case(new_id())
    await kept(cases, case)

    payload = await shared(cases, caller, case, caller)

    assert refusals(payload) == [(code, ["caseId"])]


async def test_a_program_shares_nothing(cases: Database) -> None:
    me = a_caller(*OWN)
    program = a_caller(*ALL, account=the_account(me), kind=PrincipalKind.MACHINE)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)

    payload = await shared(cases, program, case, friend)

    assert payload["errors"][0]["code"] == "FORBIDDEN"


async def test_sharing_and_its_end_at_the_same_time_leave_what_the_history_tells(
    cases: Database,
) -> None:
    me = a_caller(*OWN)
    boss, friend = a_colleague(me, *ALL), a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)
    await shared(cases, me, case, friend)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(unshared(cases, me, case, friend))
            group.create_task(shared(cases, boss, case, friend, "COMMENT"))

    told = [kind for kind, _, _ in await history(cases, case)]
    assert _alternates(told)
    assert await sees(cases, friend, case) is (told[-1] == "SHARED")
    assert (await stored(cases, case)).version == 1 + len(told)


def _alternates(kinds: Sequence[str]) -> bool:
    """Whether nobody lost what they did not have; sharing twice changes the access."""
    return all((before, after) != ("UNSHARED", "UNSHARED") for before, after in pairwise(kinds))


async def test_who_left_the_account_is_not_shared_with_any_more(cases: Database) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)
    async with cases.system() as session:
        membership = await session.get_one(PersonMembership, (the_account(me), friend.id))
        await session.delete(membership)

    payload = await shared(cases, me, case, friend)

    assert refusals(payload) == [("NOT_FOUND", ["userId"])]
    async with cases.system() as session:
        assert await session.get(Person, friend.id) is not None


async def test_a_look_is_nobodys_affair_else(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    payload = await did(cases, me, "markCaseViewed", case=global_id(case))
    nothing = await did(cases, me, "markCaseViewed", case=to_global("case", new_id()))

    assert payload["case"]["version"] == 1
    assert refusals(nothing) == [("NOT_FOUND", ["caseId"])]
    assert (await stored(cases, case)).updated_at == case.updated_at
    assert (await history(cases, case), await announced(cases, case)) == ([], [])
