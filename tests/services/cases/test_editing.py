"""Editing a case: who may, which version, and what it does to the clocks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import CaseAccess, CaseImpact, CaseQueue, CaseStatus
from tests.support.case_changes import (
    announced,
    did,
    edited,
    history,
    known,
    refusals,
    stored,
    triaged,
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


@pytest.mark.parametrize("editor", ["requester", "administrator", "staff"])
async def test_parties_put_a_case_in_other_words(cases: Database, editor: str) -> None:
    me = a_caller(*OWN)
    editors = {"requester": me, "administrator": a_colleague(me, *ALL), "staff": staff()}
    case = a_case(me, product_version="2025.1")
    await kept(cases, case)

    payload = await edited(
        cases, editors[editor], case, subject=" It stops ", description="Now.", productVersion=""
    )

    found = payload["case"]
    assert payload["errors"] == []
    assert (found["subject"], found["description"]) == ("It stops", "Now.")
    assert (found["productVersion"], found["version"]) == (None, 2)
    assert await history(cases, case) == [
        ("EDITED", None, "subject"),
        ("EDITED", None, "description"),
        ("EDITED", None, "productVersion"),
    ]
    assert await announced(cases, case) == ["cases.case-edited"]


async def test_an_edit_that_changes_nothing_leaves_no_trace(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    payload = await edited(cases, me, case, subject=case.subject, impact=case.impact.name)

    assert payload["case"]["version"] == 1
    assert (await stored(cases, case)).updated_at == case.updated_at
    assert (await history(cases, case), await announced(cases, case)) == ([], [])


async def test_of_two_edits_at_the_same_time_one_is_told_of_the_other(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(edited(cases, me, case, impact=impact))
            for impact in ("SEVERE", "PRODUCTION_DOWN")
        ]

    errors = [error for task in tasks for error in task.result()["errors"]]
    assert [(error["code"], error["path"]) for error in errors] == [
        ("CONFLICT_VERSION", ["expectedVersion"])
    ]
    assert errors[0]["message"] == "This was changed meanwhile: it is at version 2 now."
    assert (await stored(cases, case)).version == 2
    assert len(await history(cases, case)) == 1


async def test_an_edit_and_a_comment_at_the_same_time_are_both_told(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(cases, case)
    reply = {"caseId": global_id(case), "body": "And?", "idempotencyKey": str(new_id())}

    async with asyncio.TaskGroup() as group:
        edit = group.create_task(edited(cases, me, case, subject="Better"))
        comment = group.create_task(did(cases, me, "addCaseComment", input=reply))

    assert comment.result()["errors"] == []
    kinds = [kind for kind, _, _ in await history(cases, case)]
    was_edited = not edit.result()["errors"]
    assert sorted(kinds) == ["COMMENTED", "EDITED"][: 1 + was_edited]
    assert (await stored(cases, case)).version == 2 + was_edited


async def test_each_side_is_told_the_version_that_it_counts(cases: Database) -> None:
    me, clerk = a_caller(*OWN), staff()
    case = a_case(me)
    await kept(cases, case)
    await triaged(cases, clerk, case, severity=1)

    mine = await edited(cases, me, case, subject="Mine", expectedVersion=9)
    theirs = await edited(cases, clerk, case, subject="Theirs", expectedVersion=1)

    assert mine["errors"][0]["message"].endswith("version 1 now.")
    assert theirs["errors"][0]["message"].endswith("version 2 now.")


async def test_a_closed_case_is_not_edited_and_a_resolved_one_is(cases: Database) -> None:
    me = a_caller(*OWN)
    closed, resolved = a_case(me, status=CaseStatus.CLOSED), a_case(me, status=CaseStatus.RESOLVED)
    await kept(cases, closed, resolved)

    refused = await edited(cases, me, closed, subject="Other")
    done = await edited(cases, me, resolved, subject="Other")

    assert refusals(refused) == [("WRONG_STATE", ["caseId"])]
    assert done["case"]["status"] == "RESOLVED"


@pytest.mark.parametrize("access", list(CaseAccess))
async def test_whom_a_case_is_shared_with_does_not_edit_it(
    cases: Database, access: CaseAccess
) -> None:
    me = a_caller(*OWN)
    friend = a_colleague(me, *OWN)
    case = a_case(me)
    await kept(cases, case)
    await known(cases, friend)
    shared = {"case": global_id(case), "user": user_id(friend), "access": access.name}
    await did(cases, me, "shareCase", **shared)

    payload = await edited(cases, friend, case, subject="Other", expectedVersion=2)

    assert refusals(payload) == [("FORBIDDEN", ["caseId"])]


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (a_caller(*ALL), "NOT_FOUND"),
        (staff(CaseQueue.LICENSING), "NOT_FOUND"),
    ],
    ids=["another account", "another queue"],
)
async def test_who_does_not_see_the_case_finds_none_to_edit(
    cases: Database, caller: Principal, code: str
) -> None:
    case = a_case(new_id())
    await kept(cases, case)

    payload = await edited(cases, caller, case, subject="Other")

    assert refusals(payload) == [(code, ["caseId"])]


async def test_nobody_edits_in_a_suspended_account_and_no_program_does(cases: Database) -> None:
    me = a_caller(Capability.CASE_READ_ALL)
    program = a_caller(*ALL, account=the_account(me), kind=PrincipalKind.MACHINE)
    case = a_case(me)
    await kept(cases, case)

    payloads = [await edited(cases, each, case, subject="Other") for each in (me, program)]

    assert [payload["errors"][0]["code"] for payload in payloads] == ["FORBIDDEN"] * 2
    assert (await stored(cases, case)).version == 1


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 256}, "subject"),
        ({"description": "\0"}, "description"),
        ({"productVersion": "x" * 101}, "productVersion"),
    ],
)
async def test_words_have_a_reasonable_length(
    cases: Database, values: dict[str, Any], path: str
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    payload = await edited(cases, me, case, **values)

    assert refusals(payload) == [("INVALID", [path])]


async def test_a_higher_impact_brings_the_answer_forward_and_a_lower_one_keeps_it(
    cases: Database,
) -> None:
    me = a_caller(*OWN)
    promised = datetime.now(UTC) + timedelta(days=60)
    case = a_case(
        me,
        impact=CaseImpact.QUESTION,
        first_response_due_at=promised,
        due_at=promised,
    )
    await kept(cases, case)

    await edited(cases, me, case, impact="PRODUCTION_DOWN")
    raised = await stored(cases, case)
    await edited(cases, me, case, impact="QUESTION", expectedVersion=2)

    lowered = await stored(cases, case)
    assert raised.due_at == raised.first_response_due_at
    assert raised.due_at is not None
    assert raised.due_at < promised
    assert lowered.due_at == raised.due_at
    assert await history(cases, case) == [
        ("IMPACT_CHANGED", "QUESTION", "PRODUCTION_DOWN"),
        ("IMPACT_CHANGED", "PRODUCTION_DOWN", "QUESTION"),
    ]
