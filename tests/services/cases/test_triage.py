"""What the staff does to a case, and what customers notice of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import Case, CaseQueue, CaseStatus
from tests.support.case_changes import (
    announced,
    did,
    history,
    known,
    refusals,
    stored,
    triaged,
    user_id,
)
from tests.support.cases import ALL, OWN, a_caller, a_case, answered, global_id, kept, staff

READ = """query ($number: String) { case(number: $number) { status version updatedAt closedAt
    severity queue assignee { id } sla { nextUpdateDueAt firstResponseDueAt breached paused }
    comments { totalCount nodes { body } } files { totalCount }
    history { totalCount nodes { kind from to at } } }
    OPEN: cases(view: ALL, filter: {status: [OPEN]}) { totalCount }
    ON_HOLD: cases(view: ALL, filter: {status: [ON_HOLD]}) { totalCount } }"""


async def read(cases: Database, caller: Principal, case: Case) -> Any:
    """All that a caller learns of the case."""
    return await answered(cases, caller, READ, number=case.number)


async def test_the_staff_sorts_a_case(cases: Database) -> None:
    me, clerk, colleague = a_caller(*OWN), staff(), staff(CaseQueue.LICENSING)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(cases, case)
    await known(cases, colleague)

    payload = await triaged(
        cases, clerk, case, queue="LICENSING", assigneeId=user_id(colleague), severity=2
    )

    found = payload["case"]
    assert payload["errors"] == []
    assert (found["queue"], found["severity"]) == ("LICENSING", 2)
    assert found["assignee"] == {"id": user_id(colleague)}
    assert await history(cases, case) == [
        ("QUEUE_CHANGED", "TECHNICAL_SUPPORT", "LICENSING"),
        ("ASSIGNED", None, user_id(colleague)),
    ]
    assert await history(cases, case, staff_only=True) == [("SEVERITY_CHANGED", None, "2")]
    assert await announced(cases, case) == ["cases.case-handled", "cases.case-triaged"]


@pytest.mark.parametrize(
    "values", [{"severity": 1}, {"status": "ON_HOLD"}, {"severity": 4, "status": "ON_HOLD"}]
)
async def test_customers_notice_neither_severity_nor_holding(
    cases: Database, values: dict[str, Any]
) -> None:
    me = a_caller(*OWN)
    due = datetime.now(UTC) + timedelta(days=1)
    case = a_case(me, status=CaseStatus.OPEN, next_update_due_at=due, due_at=due)
    await kept(cases, case)
    before = await read(cases, me, case)

    payload = await triaged(cases, staff(), case, **values)

    assert await read(cases, me, case) == before
    assert payload["case"]["version"] == 2
    assert set(await announced(cases, case)) == {"cases.case-handled"}
    assert (await stored(cases, case)).updated_at > case.updated_at


async def test_a_new_case_that_is_held_reads_open(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    await triaged(cases, staff(), case, status="ON_HOLD")

    found = (await read(cases, me, case))["case"]
    assert (found["status"], found["version"]) == ("OPEN", 2)
    assert [(each["from"], each["to"]) for each in found["history"]["nodes"]] == [("NEW", "OPEN")]


async def test_waiting_for_the_customer_stops_the_clocks_and_work_resumes_them(
    cases: Database,
) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    case = a_case(
        a_caller(*OWN),
        status=CaseStatus.OPEN,
        first_responded_at=datetime.now(UTC),
        next_update_due_at=due,
        due_at=due,
    )
    await kept(cases, case)

    waiting = await triaged(cases, staff(), case, status="PENDING_CUSTOMER")
    stopped = await stored(cases, case)
    held = await triaged(cases, staff(), case, status="ON_HOLD", expectedVersion=2)

    running = await stored(cases, case)
    assert waiting["case"]["sla"]["paused"] is True
    assert held["case"]["sla"]["paused"] is False
    assert stopped.due_at is None
    assert running.due_at is not None
    assert running.due_at >= due


@pytest.mark.parametrize(
    ("before", "after", "is_allowed"),
    [
        (CaseStatus.OPEN, "NEW", False),
        (CaseStatus.OPEN, "CLOSED", True),
        (CaseStatus.RESOLVED, "CLOSED", True),
        (CaseStatus.RESOLVED, "ON_HOLD", False),
        (CaseStatus.CLOSED, "RESOLVED", False),
        (CaseStatus.CLOSED, "PENDING_CUSTOMER", False),
    ],
)
async def test_a_case_goes_only_where_it_can(
    cases: Database, before: CaseStatus, after: str, is_allowed: bool
) -> None:
    case = a_case(a_caller(*OWN), status=before)
    await kept(cases, case)

    payload = await triaged(cases, staff(), case, status=after)

    paths = [(error["code"], error["path"]) for error in payload["errors"]]
    assert paths == [("WRONG_STATE", ["status"])] * (not is_allowed)
    assert (await stored(cases, case)).status.name == (after if is_allowed else before.name)


async def test_the_staff_opens_a_closed_case_again(cases: Database) -> None:
    now = datetime.now(UTC)
    case = a_case(a_caller(*OWN), status=CaseStatus.CLOSED, closed_at=now, resolved_at=now)
    await kept(cases, case)

    payload = await triaged(cases, staff(), case, status="OPEN")

    found = payload["case"]
    assert (found["reopenCount"], found["closedAt"]) == (1, None)
    assert found["sla"]["nextUpdateDueAt"] is not None
    assert found["sla"]["firstResponseDueAt"] is None
    assert await announced(cases, case) == ["cases.case-reopened"]


async def test_an_assignee_serves_the_queue(cases: Database) -> None:
    elsewhere, customer = staff(CaseQueue.LICENSING), a_caller(*ALL)
    case = a_case(customer)
    await kept(cases, case)
    await known(cases, elsewhere, customer)

    payloads = [
        await triaged(cases, staff(), case, assigneeId=id)
        for id in (user_id(elsewhere), user_id(customer), user_id(staff()), "nobody")
    ]

    assert [refusals(each) for each in payloads] == [[("NOT_FOUND", ["assigneeId"])]] * 4
    assert (await stored(cases, case)).version == 1


async def test_who_does_not_serve_the_new_queue_deals_with_the_case_no_more(
    cases: Database,
) -> None:
    expert = staff(CaseQueue.TECHNICAL_SUPPORT)
    case = a_case(a_caller(*OWN), assignee_id=expert.id)
    await kept(cases, case)
    await known(cases, expert)

    payload = await triaged(cases, expert, case, queue="CUSTOMER_SERVICE")

    now = await stored(cases, case)
    assert payload == {"case": None, "errors": []}
    assert (now.queue, now.assignee_id) == (CaseQueue.CUSTOMER_SERVICE, None)


async def test_null_takes_away_and_nothing_leaves(cases: Database) -> None:
    expert = staff()
    case = a_case(a_caller(*OWN), assignee_id=expert.id, severity=2)
    await kept(cases, case)
    await known(cases, expert)

    left = await triaged(cases, expert, case)
    taken = await triaged(cases, expert, case, assigneeId=None, severity=None)

    assert (left["case"]["version"], left["case"]["severity"]) == (1, 2)
    assert (taken["case"]["assignee"], taken["case"]["severity"]) == (None, None)


@pytest.mark.parametrize("severity", [0, 5])
async def test_a_severity_has_its_range(cases: Database, severity: int) -> None:
    case = a_case(a_caller(*OWN))
    await kept(cases, case)

    payload = await triaged(cases, staff(), case, severity=severity, status="OPEN")

    assert refusals(payload) == [("INVALID", ["severity"])]
    assert (await stored(cases, case)).status is CaseStatus.NEW


async def test_customers_sort_nothing_and_ask_for_nothing(cases: Database) -> None:
    me = a_caller(*ALL)
    case = a_case(me)
    await kept(cases, case)

    payloads = [
        await triaged(cases, me, case, severity=1),
        await did(cases, me, "requestFiles", case=global_id(case), what="Logs."),
    ]

    assert [refusals(payload) for payload in payloads] == [[("FORBIDDEN", ["caseId"])]] * 2


async def test_of_two_who_sort_at_the_same_time_one_is_told(cases: Database) -> None:
    case = a_case(a_caller(*OWN), status=CaseStatus.OPEN)
    await kept(cases, case)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(triaged(cases, staff(), case, severity=severity))
            for severity in (1, 2)
        ]

    codes = [error["code"] for task in tasks for error in task.result()["errors"]]
    assert codes == ["CONFLICT_VERSION"]


async def test_sorting_at_the_time_of_a_customers_comment_loses_neither(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(cases, case)
    reply = {"caseId": global_id(case), "body": "And?", "idempotencyKey": str(new_id())}

    async with asyncio.TaskGroup() as group:
        sorting = group.create_task(triaged(cases, staff(), case, status="PENDING_CUSTOMER"))
        comment = group.create_task(did(cases, me, "addCaseComment", input=reply))

    codes = [error["code"] for error in sorting.result()["errors"]]
    now = await stored(cases, case)
    assert comment.result()["errors"] == []
    assert codes in ([], ["CONFLICT_VERSION"])
    assert now.status is CaseStatus.OPEN
    assert now.paused_at is None


async def test_a_request_for_files_makes_the_case_wait(cases: Database) -> None:
    case = a_case(a_caller(*OWN))
    await kept(cases, case)

    payload = await did(cases, staff(), "requestFiles", case=global_id(case), what="The logs.")

    found = payload["case"]
    assert payload["comment"]["body"] == "The logs."
    assert (found["status"], found["sla"]["paused"]) == ("PENDING_CUSTOMER", True)
    assert (await stored(cases, case)).first_responded_at is not None
    kinds = [kind for kind, _, _ in await history(cases, case)]
    assert kinds == ["COMMENTED", "STATUS_CHANGED", "FILES_REQUESTED", "STATUS_CHANGED"]
    assert sorted(await announced(cases, case)) == [
        "cases.comment-added",
        "cases.files-requested",
        "cases.status-changed",
    ]


async def test_asking_for_the_same_files_again_is_asking_once(cases: Database) -> None:
    clerk = staff()
    case = a_case(a_caller(*OWN))
    await kept(cases, case)
    wanted = {"case": global_id(case), "what": "The logs."}

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(did(cases, clerk, "requestFiles", **wanted)) for _ in range(2)]
    other = await did(cases, clerk, "requestFiles", case=global_id(case), what="A dump.")

    assert len({task.result()["comment"]["id"] for task in tasks}) == 1
    assert other["case"]["comments"]["totalCount"] == 2


@pytest.mark.parametrize("status", [CaseStatus.RESOLVED, CaseStatus.CLOSED])
async def test_of_a_case_that_has_ended_nothing_is_asked(
    cases: Database, status: CaseStatus
) -> None:
    case = a_case(a_caller(*OWN), status=status)
    await kept(cases, case)

    payload = await did(cases, staff(), "requestFiles", case=global_id(case), what="The logs.")

    assert refusals(payload) == [("WRONG_STATE", ["caseId"])]
    assert payload["comment"] is None
