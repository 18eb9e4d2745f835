"""Adding a comment: reopening, notes, rights, and doing it once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.cases.models import (
    Case,
    CaseAccess,
    CaseParticipant,
    CaseQueue,
    CaseStatus,
    FileState,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_file,
    an_upload,
    answered,
    global_id,
    kept,
    staff,
)

REPLY = """mutation Reply($i: AddCommentInput!) { addCaseComment(input: $i) { reopened
    comment { id body internal files { name } }
    case { status version reopenCount closedAt updatedAt comments { totalCount }
        history { nodes { kind from to } } sla { nextUpdateDueAt firstResponseDueAt paused } }
    errors { code message path } } }"""

EARLIER = datetime(2026, 11, 2, 9, tzinfo=UTC)


async def said(cases: Database, caller: Principal, case: Case, **values: Any) -> Any:
    """The payload of a comment."""
    defaults = {"caseId": global_id(case), "body": "And now?", "idempotencyKey": str(new_id())}
    payload = await answered(cases, caller, REPLY, i={**defaults, **values})
    return payload["addCaseComment"]


async def topics(cases: Database, case: Case) -> list[str]:
    """What was announced about a case, in order."""
    async with cases.system() as session:
        rows = await session.scalars(
            select(OutboxRow.topic)
            .where(OutboxRow.payload["case_id"].astext == str(case.id))
            .order_by(OutboxRow.id)
        )
        return list(rows)


async def stored(cases: Database, case: Case) -> Case:
    """The case as it is now."""
    async with cases.system() as session:
        return await session.get_one(Case, case.id)


def shared(case: Case, user: Principal, access: CaseAccess) -> CaseParticipant:
    """The case is shared with this person."""
    return CaseParticipant(
        case_id=case.id,
        account_id=case.account_id,
        user_id=user.id,
        access=access,
        shared_by_id=case.requester_id,
    )


@pytest.mark.parametrize("status", [CaseStatus.RESOLVED, CaseStatus.CLOSED])
async def test_a_comment_reopens_a_case_that_had_ended(cases: Database, status: CaseStatus) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=status, resolved_at=EARLIER, closed_at=EARLIER, version=4)
    await kept(cases, case)

    payload = await said(cases, me, case)

    assert payload["errors"] == []
    assert payload["reopened"] is True
    found = payload["case"]
    assert (found["status"], found["version"], found["reopenCount"]) == ("OPEN", 5, 1)
    assert found["closedAt"] is None
    assert found["comments"]["totalCount"] == 1
    assert found["history"]["nodes"] == [
        {"kind": "COMMENTED", "from": None, "to": None},
        {"kind": "REOPENED", "from": status.name, "to": "OPEN"},
    ]
    assert found["sla"]["nextUpdateDueAt"] is not None
    assert found["sla"]["firstResponseDueAt"] is None
    assert sorted(await topics(cases, case)) == ["cases.case-reopened", "cases.comment-added"]


@pytest.mark.parametrize("internal", [False, True])
async def test_the_staffs_words_reopen_nothing(cases: Database, internal: bool) -> None:
    case = a_case(a_caller(*OWN), status=CaseStatus.CLOSED, closed_at=EARLIER)
    await kept(cases, case)

    payload = await said(cases, staff(), case, internal=internal)

    assert payload["reopened"] is False
    assert payload["case"]["status"] == "CLOSED"
    assert payload["case"]["closedAt"] is not None


async def test_a_note_changes_nothing_that_customers_see(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(cases, case)
    document = """query ($number: String) { case(number: $number) { updatedAt version status
        comments { totalCount nodes { id } } files { totalCount }
        history { totalCount nodes { kind } } } }"""
    before = await answered(cases, me, document, number=case.number)

    noted = await said(cases, staff(), case, body="Suspicious.", internal=True)

    assert noted["comment"]["internal"] is True
    assert noted["case"]["comments"]["totalCount"] == 1
    assert await answered(cases, me, document, number=case.number) == before
    assert (await stored(cases, case)).updated_at > case.updated_at
    assert await topics(cases, case) == ["cases.note-added"]


async def test_the_staffs_first_words_open_a_new_case_and_start_the_next_clock(
    cases: Database,
) -> None:
    case = a_case(a_caller(*OWN))
    await kept(cases, case)

    payload = await said(cases, staff(), case)

    now = await stored(cases, case)
    assert payload["case"]["status"] == "OPEN"
    assert now.first_responded_at is not None
    assert now.due_at == now.next_update_due_at is not None


async def test_a_note_is_no_answer(cases: Database) -> None:
    case = a_case(a_caller(*OWN))
    await kept(cases, case)

    await said(cases, staff(), case, internal=True)

    now = await stored(cases, case)
    assert (now.status, now.first_responded_at) == (CaseStatus.NEW, None)


async def test_the_customers_answer_ends_the_waiting_for_them(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(
        me,
        status=CaseStatus.PENDING_CUSTOMER,
        first_responded_at=EARLIER,
        next_update_due_at=EARLIER + timedelta(days=2),
        paused_at=EARLIER + timedelta(days=1),
    )
    await kept(cases, case)

    payload = await said(cases, me, case)

    assert payload["reopened"] is False
    assert payload["case"]["status"] == "OPEN"
    assert payload["case"]["sla"]["paused"] is False
    assert (await stored(cases, case)).due_at is not None


async def test_the_staffs_words_leave_a_case_that_waits_waiting(cases: Database) -> None:
    case = a_case(a_caller(*OWN), status=CaseStatus.PENDING_CUSTOMER, paused_at=EARLIER)
    await kept(cases, case)

    payload = await said(cases, staff(), case)

    assert payload["case"]["status"] == "PENDING_CUSTOMER"
    assert payload["case"]["sla"]["paused"] is True


async def test_a_held_case_stays_held_and_reads_open(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.ON_HOLD)
    await kept(cases, case)

    payload = await said(cases, me, case)

    assert payload["case"]["status"] == "OPEN"
    assert (await stored(cases, case)).status is CaseStatus.ON_HOLD


async def test_sharers_comment_when_it_is_shared_for_that(cases: Database) -> None:
    me = a_caller(*OWN)
    reader, writer = a_colleague(me, *OWN), a_colleague(me, *OWN)
    case = a_case(me, status=CaseStatus.CLOSED)
    shares = (shared(case, reader, CaseAccess.READ), shared(case, writer, CaseAccess.COMMENT))
    await kept(cases, case, *shares)

    refused = await said(cases, reader, case)
    reopened = await said(cases, writer, case)

    assert [(each["code"], each["path"]) for each in refused["errors"]] == [
        ("FORBIDDEN", ["caseId"])
    ]
    assert (refused["comment"], refused["case"], refused["reopened"]) == (None, None, False)
    assert reopened["reopened"] is True


@pytest.mark.parametrize(
    "caller",
    [
        a_caller(*ALL),
        a_caller(Capability.CASE_CREATE),
        staff(CaseQueue.LICENSING),
    ],
    ids=["another account", "no right to read", "another queue"],
)
async def test_who_does_not_see_the_case_finds_none(cases: Database, caller: Principal) -> None:
    case = a_case(new_id())
    await kept(cases, case)

    payload = await said(cases, caller, case)

    assert [(each["code"], each["path"]) for each in payload["errors"]] == [
        ("NOT_FOUND", ["caseId"])
    ]


async def test_in_a_suspended_account_nobody_comments(cases: Database) -> None:
    me = a_caller(Capability.CASE_READ_ALL)
    case = a_case(me)
    await kept(cases, case)

    payload = await said(cases, me, case)

    assert [each["code"] for each in payload["errors"]] == ["FORBIDDEN"]


async def test_a_customer_writes_no_notes_and_a_program_nothing(cases: Database) -> None:
    me = a_caller(*OWN)
    program = a_colleague(me, *ALL)
    program = a_caller(*ALL, account=next(iter(me.accounts)), kind=PrincipalKind.MACHINE)
    case = a_case(me)
    await kept(cases, case)

    note = await said(cases, me, case, internal=True)
    spoken = await said(cases, program, case)

    assert [(each["code"], each["path"]) for each in note["errors"]] == [
        ("FORBIDDEN", ["internal"])
    ]
    assert [each["code"] for each in spoken["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize("body", ["", " \n\0", "x" * 65_537])
async def test_a_comment_says_something_of_reasonable_length(cases: Database, body: str) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    payload = await said(cases, me, case, body=body)

    assert [(each["code"], each["path"]) for each in payload["errors"]] == [("INVALID", ["body"])]


async def test_what_was_uploaded_comes_with_the_comment(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    file = a_file(case, state=FileState.SCANNING)
    upload = an_upload(file)
    await kept(cases, case, file, upload)

    first = await said(cases, me, case, uploadIds=[global_id(upload)])
    again = await said(cases, me, case, uploadIds=[global_id(upload)])

    assert first["comment"]["files"] == [{"name": "server.log"}]
    assert [each["path"] for each in again["errors"]] == [["uploadIds"]]


async def test_the_file_of_a_note_is_the_staffs_affair(cases: Database) -> None:
    me, clerk = a_caller(*OWN), staff()
    case = a_case(me)
    file = a_file(case, state=FileState.READY, uploaded_by_id=clerk.id)
    upload = an_upload(file)
    await kept(cases, case, file, upload)

    await said(cases, clerk, case, internal=True, uploadIds=[global_id(upload)])

    files = "query ($n: String) { case(number: $n) { files { totalCount nodes { name } } } }"
    for_me = await answered(cases, me, files, n=case.number)
    for_staff = await answered(cases, clerk, files, n=case.number)
    assert for_me["case"]["files"] == {"totalCount": 0, "nodes": []}
    assert for_staff["case"]["files"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("state", "mine", "here"),
    [
        (FileState.UPLOADING, True, True),
        (FileState.READY, False, True),
        (FileState.READY, True, False),
    ],
    ids=["still on its way", "somebody else's", "of another case"],
)
async def test_other_uploads_do_not_exist(
    cases: Database, state: FileState, mine: bool, here: bool
) -> None:
    me = a_caller(*OWN)
    case, other = a_case(me), a_case(me)
    file = a_file(case if here else other, state=state)
    upload = an_upload(file, user_id=me.id if mine else new_id())
    await kept(cases, case, other, file, upload)

    payload = await said(cases, me, case, uploadIds=[global_id(upload)])

    assert [(each["code"], each["path"]) for each in payload["errors"]] == [
        ("NOT_FOUND", ["uploadIds"])
    ]
    assert await topics(cases, case) == []


async def test_the_same_key_gives_the_same_comment_and_one_event(cases: Database) -> None:
    me, key = a_caller(*OWN), str(new_id())
    case = a_case(me, status=CaseStatus.CLOSED)
    await kept(cases, case)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(said(cases, me, case, idempotencyKey=key)) for _ in range(3)]

    payloads = [task.result() for task in tasks]
    assert len({payload["comment"]["id"] for payload in payloads}) == 1
    assert [payload["reopened"] for payload in payloads] == [True] * 3
    assert (await topics(cases, case)).count("cases.comment-added") == 1
    assert (await stored(cases, case)).reopen_count == 1


async def test_of_comments_at_the_same_time_one_reopens(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.CLOSED)
    await kept(cases, case)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(said(cases, me, case)) for _ in range(4)]

    assert sorted(task.result()["reopened"] for task in tasks) == [False, False, False, True]
    now = await stored(cases, case)
    assert (now.reopen_count, now.version) == (1, 5)


async def test_one_operation_sees_what_it_has_done(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)
    inputs = [
        {"caseId": global_id(case), "body": body, "idempotencyKey": str(new_id())}
        for body in ("One.", "Two.")
    ]

    data = await answered(
        cases,
        me,
        """mutation ($a: AddCommentInput!, $b: AddCommentInput!) {
            a: addCaseComment(input: $a) { case { comments { totalCount } } }
            b: addCaseComment(input: $b) { case { comments { totalCount } } } }""",
        a=inputs[0],
        b=inputs[1],
    )

    assert data["a"]["case"]["comments"]["totalCount"] == 1
    assert data["b"]["case"]["comments"]["totalCount"] == 2
