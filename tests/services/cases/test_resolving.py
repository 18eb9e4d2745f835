"""Resolving, closing and rating a case."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id
from services.cases.closing import Closer
from services.cases.models import Case, CaseAccess, CaseParticipant, CaseStatus
from tests.support.case_changes import announced, did, history, refusals, stored, user_id
from tests.support.cases import OWN, a_caller, a_case, a_colleague, answered, global_id, kept, staff

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)


@pytest.mark.parametrize("by_staff", [False, True])
async def test_a_case_is_resolved_with_its_reason_and_its_clocks_stop(
    cases: Database, by_staff: bool
) -> None:
    me = a_caller(*OWN)
    due = datetime.now(UTC) + timedelta(days=1)
    case = a_case(me, status=CaseStatus.OPEN, next_update_due_at=due, due_at=due)
    await kept(cases, case)
    resolver = {False: me, True: staff()}[by_staff]

    payload = await did(cases, resolver, "resolveCase", case=global_id(case), reason="It works.")

    found, now = payload["case"], await stored(cases, case)
    assert (found["status"], found["sla"]) == ("RESOLVED", None)
    assert found["comments"]["nodes"] == [{"body": "It works."}]
    assert now.resolved_at is not None
    assert (now.due_at, now.next_update_due_at, now.closed_at) == (None, None, None)
    assert await history(cases, case) == [
        ("COMMENTED", None, None),
        ("STATUS_CHANGED", "OPEN", "RESOLVED"),
    ]
    assert sorted(await announced(cases, case)) == ["cases.comment-added", "cases.status-changed"]


async def test_resolving_twice_is_once_and_by_somebody_else_it_is_refused(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(cases, case)
    await did(cases, me, "resolveCase", case=global_id(case), reason="It works.")

    again = await did(cases, me, "resolveCase", case=global_id(case), reason="It works.")
    other = await did(cases, staff(), "resolveCase", case=global_id(case))

    assert again["case"]["comments"]["totalCount"] == 1
    assert refusals(other) == [("WRONG_STATE", ["caseId"])]


async def test_a_held_case_is_resolved_from_open_as_customers_read(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.ON_HOLD)
    await kept(cases, case)
    document = """query ($number: String) { case(number: $number) {
        history { nodes { kind from to } } } }"""

    await did(cases, me, "resolveCase", case=global_id(case), reason=" ")

    data = await answered(cases, me, document, number=case.number)
    assert data["case"]["history"]["nodes"] == [
        {"kind": "STATUS_CHANGED", "from": "OPEN", "to": "RESOLVED"}
    ]


async def test_sharers_do_not_resolve(cases: Database) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case, a_share(case, friend.id))

    payload = await did(cases, friend, "resolveCase", case=global_id(case))

    assert refusals(payload) == [("FORBIDDEN", ["caseId"])]


def a_share(case: Case, user_id: Any, access: CaseAccess = CaseAccess.COMMENT) -> CaseParticipant:
    """The case is shared with this person."""
    return CaseParticipant(
        case_id=case.id,
        account_id=case.account_id,
        user_id=user_id,
        access=access,
        shared_by_id=case.requester_id,
    )


async def test_a_resolved_case_closes_by_itself_when_nobody_objects(cases: Database) -> None:
    me = a_caller(*OWN)
    old = a_case(me, status=CaseStatus.RESOLVED, resolved_at=LONG_AGO)
    young = a_case(me, status=CaseStatus.RESOLVED, resolved_at=LONG_AGO + timedelta(seconds=1))
    await kept(cases, old, young)
    too_early = LONG_AGO + FORTNIGHT - timedelta(seconds=1)

    before = await Closer(cases, FORTNIGHT, now=lambda: too_early).close()
    closed = await Closer(cases, FORTNIGHT, now=lambda: LONG_AGO + FORTNIGHT).close()

    assert (before, closed) == (0, 1)
    now = await stored(cases, old)
    assert (now.status, now.closed_at) == (CaseStatus.CLOSED, LONG_AGO + FORTNIGHT)
    assert (await stored(cases, young)).status is CaseStatus.RESOLVED
    assert await history(cases, old) == [("STATUS_CHANGED", "RESOLVED", "CLOSED")]
    assert await announced(cases, old) == ["cases.status-changed"]


async def test_a_comment_at_the_moment_of_closing_leaves_the_case_open(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.RESOLVED, resolved_at=LONG_AGO)
    await kept(cases, case)
    reply = {"caseId": global_id(case), "body": "No.", "idempotencyKey": str(new_id())}

    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(Closer(cases, FORTNIGHT).close())
        comment = group.create_task(did(cases, me, "addCaseComment", input=reply))

    now = await stored(cases, case)
    assert comment.result()["reopened"] is True
    assert (now.status, now.closed_at, now.reopen_count) == (CaseStatus.OPEN, None, 1)
    assert (await announced(cases, case)).count("cases.status-changed") <= 1


async def test_a_case_that_has_ended_is_rated_and_rated_anew(cases: Database) -> None:
    me, clerk = a_caller(*OWN), staff()
    case = a_case(me, status=CaseStatus.CLOSED)
    await kept(cases, case)

    await did(cases, me, "rateCase", case=global_id(case), score=2, remark="Slow.")
    await did(cases, me, "rateCase", case=global_id(case), score=4)
    payload = await did(cases, me, "rateCase", case=global_id(case), score=4)

    seen = await did(cases, clerk, "markCaseViewed", case=global_id(case))
    assert payload["case"]["rating"] == {
        "score": 4,
        "remark": None,
        "ratedBy": {"id": user_id(me)},
    }
    assert seen["case"]["rating"] == payload["case"]["rating"]
    assert payload["case"]["version"] == 1
    assert await history(cases, case, staff_only=True) == [
        ("RATED", None, "2"),
        ("RATED", "2", "4"),
    ]
    assert await announced(cases, case) == ["cases.case-rated"] * 2


async def test_a_rating_is_for_the_staff_and_nobodys_affair_else(cases: Database) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me, status=CaseStatus.CLOSED)
    await kept(cases, case, a_share(case, friend.id))
    await did(cases, me, "rateCase", case=global_id(case), score=1, remark="Bad.")

    seen = await did(cases, friend, "markCaseViewed", case=global_id(case))

    assert seen["case"]["rating"] is None


@pytest.mark.parametrize(
    ("status", "score", "expected"),
    [
        (CaseStatus.OPEN, 3, ("WRONG_STATE", ["caseId"])),
        (CaseStatus.CLOSED, 0, ("INVALID", ["score"])),
        (CaseStatus.CLOSED, 6, ("INVALID", ["score"])),
    ],
)
async def test_a_rating_that_cannot_be_is_refused(
    cases: Database, status: CaseStatus, score: int, expected: Any
) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=status)
    await kept(cases, case)

    payload = await did(cases, me, "rateCase", case=global_id(case), score=score)

    assert refusals(payload) == [expected]


async def test_neither_staff_nor_readers_rate(cases: Database) -> None:
    me = a_caller(*OWN)
    reader = a_colleague(me, *OWN)
    case = a_case(me, status=CaseStatus.CLOSED)
    await kept(cases, case, a_share(case, reader.id, CaseAccess.READ))

    payloads = [
        await did(cases, each, "rateCase", case=global_id(case), score=5)
        for each in (staff(), reader)
    ]

    assert [refusals(payload) for payload in payloads] == [[("FORBIDDEN", ["caseId"])]] * 2
