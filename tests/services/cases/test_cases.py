"""Cases: who finds which, and what of them they see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from services.cases.models import (
    CaseEvent,
    CaseEventKind,
    CaseStatus,
    FileState,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_comment,
    a_file,
    account_id,
    answered,
    ask,
    global_id,
    kept,
    staff,
    statements,
)

DETAIL = """query CaseDetail($number: String!) { case(number: $number) {
    id number subject description status impact queue type typeDetail productVersion version
    reopenCount createdAt closedAt
    account { id } requester { id } assignee { id } participants { access user { id } }
    productKey { id } deployment { id } viewerCan { edit comment upload share resolve }
    comments(first: 20) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id body createdAt author { id } files { id name size state downloadUrl } } }
    files(first: 20) { nodes { id name size state uploadedBy { id } createdAt downloadUrl } }
    sla { firstResponseDueAt nextUpdateDueAt breached } } }"""


async def test_a_requester_sees_the_whole_case(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me, type="Defect", product_version="2026.1")
    comment = a_comment(case, "It began on Monday.")
    file = a_file(case, comment_id=comment.id, state=FileState.READY)
    await kept(cases, case, comment, file)

    data = await answered(cases, me, DETAIL, number=case.number)

    found = data["case"]
    url = found["files"]["nodes"][0].pop("downloadUrl")
    assert url.startswith(
        f"https://portal.example.com/files/cases/attachments/{global_id(file)}?expires="
    )
    assert found["id"] == global_id(case)
    assert found["account"] == {"id": account_id(me)}
    assert found["requester"] == {"id": to_global("user", me.id)}
    assert found["viewerCan"] == {
        "edit": True,
        "comment": True,
        "upload": True,
        "share": True,
        "resolve": True,
    }
    assert found["comments"]["totalCount"] == 1
    assert found["comments"]["nodes"][0]["body"] == "It began on Monday."
    assert found["comments"]["nodes"][0]["files"][0]["size"] == "3072"


async def test_by_id_and_by_number(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    data = await answered(
        cases,
        me,
        """query ($id: ID, $number: String) {
            byId: case(id: $id) { number } byNumber: case(number: $number) { id }
            both: case(id: $id, number: "other") { id } neither: case { id } }""",
        id=global_id(case),
        number=case.number,
    )

    assert data == {
        "byId": {"number": case.number},
        "byNumber": {"id": global_id(case)},
        "both": None,
        "neither": None,
    }


@pytest.mark.parametrize("id", ["", "case_", "acc_01J9Z3NDEKTSV4RRFFQ69G5FAV", "💥", "\0"])
async def test_an_id_that_names_nothing_is_none(cases: Database, id: str) -> None:
    document = """query ($id: ID, $number: String) {
        a: case(id: $id) { id } b: case(number: $number) { id } }"""

    data = await answered(cases, a_caller(*ALL), document, id=id, number=id)

    assert data == {"a": None, "b": None}


async def test_a_foreign_case_answers_as_one_that_does_not_exist(cases: Database) -> None:
    case = a_case(new_id())
    await kept(cases, case)
    document = "query ($id: ID!) { case(id: $id) { id subject } }"

    foreign = await ask(cases, a_caller(*ALL), document, {"id": global_id(case)})
    missing = await ask(cases, a_caller(*ALL), document, {"id": to_global("case", new_id())})

    assert (foreign.data, foreign.errors) == (missing.data, missing.errors)


async def test_entities_are_found_by_id_and_by_number_where_they_are_seen(
    cases: Database,
) -> None:
    me = a_caller(*OWN)
    mine, foreign = a_case(me, subject="mine"), a_case(new_id())
    await kept(cases, mine, foreign)
    keys = [
        {"__typename": "Case", "id": global_id(mine)},
        {"__typename": "Case", "number": mine.number},
        {"__typename": "Case", "id": global_id(foreign)},
        {"__typename": "Case", "number": foreign.number},
        {"__typename": "Case", "number": "\0"},
        {"__typename": "Case", "id": 7},
    ]

    data = await answered(
        cases,
        me,
        "query ($k: [_Any!]!) { _entities(representations: $k) { ... on Case { subject } } }",
        k=keys,
    )

    assert data["_entities"] == [{"subject": "mine"}, {"subject": "mine"}, None, None, None, None]


async def test_staff_know_more_of_a_case_than_its_customer(cases: Database) -> None:
    me, later = a_caller(*ALL), datetime.now(UTC)
    case = a_case(me, status=CaseStatus.ON_HOLD, severity=2, updated_at=later)
    await kept(
        cases,
        case,
        a_comment(case, "A note.", internal=True),
        an_event(case, CaseEventKind.STATUS_CHANGED, "OPEN", "ON_HOLD", staff_only=True),
        an_event(case, CaseEventKind.STATUS_CHANGED, "ON_HOLD", "PENDING_CUSTOMER"),
    )
    document = """query ($number: String) { case(number: $number) { status severity updatedAt
        comments { totalCount nodes { body } } history { totalCount nodes { from to } } } }"""

    for_me = (await answered(cases, me, document, number=case.number))["case"]
    for_staff = (await answered(cases, staff(), document, number=case.number))["case"]

    assert for_me["updatedAt"] < for_staff["updatedAt"]
    assert (for_me["status"], for_staff["status"]) == ("OPEN", "ON_HOLD")
    assert (for_me["severity"], for_staff["severity"]) == (None, 2)
    assert for_me["comments"] == {"totalCount": 0, "nodes": []}
    assert for_staff["comments"]["nodes"] == [{"body": "A note."}]
    assert for_me["history"] == {
        "totalCount": 1,
        "nodes": [{"from": "OPEN", "to": "PENDING_CUSTOMER"}],
    }
    assert for_staff["history"]["totalCount"] == 2


def an_event(
    case: Any, kind: CaseEventKind, before: str, after: str, *, staff_only: bool = False
) -> CaseEvent:
    """Somebody changed something."""
    return CaseEvent(
        account_id=case.account_id,
        case_id=case.id,
        actor_id=new_id(),
        kind=kind.name,
        before=before,
        after=after,
        staff_only=staff_only,
    )


async def test_the_clocks_tell_what_is_due(cases: Database) -> None:
    me, now = a_caller(*OWN), datetime.now(UTC)
    late = a_case(
        me,
        status=CaseStatus.OPEN,
        first_response_due_at=now - timedelta(days=2),
        first_responded_at=now - timedelta(days=3),
        next_update_due_at=now - timedelta(hours=1),
        due_at=now - timedelta(hours=1),
    )
    waiting = a_case(
        me,
        status=CaseStatus.PENDING_CUSTOMER,
        next_update_due_at=now - timedelta(hours=1),
        paused_at=now - timedelta(hours=2),
    )
    ended = a_case(me, status=CaseStatus.RESOLVED, first_responded_at=now)
    await kept(cases, late, waiting, ended)
    document = """query ($number: String) { case(number: $number) { sla {
        firstResponseDueAt nextUpdateDueAt breached paused } } }"""

    clocks = [
        (await answered(cases, me, document, number=case.number))["case"]["sla"]
        for case in (late, waiting, ended)
    ]

    assert clocks[0].pop("nextUpdateDueAt") is not None
    assert clocks[0] == {"firstResponseDueAt": None, "breached": True, "paused": False}
    assert clocks[1] == {
        "firstResponseDueAt": None,
        "nextUpdateDueAt": None,
        "breached": False,
        "paused": True,
    }
    assert clocks[2] is None


async def test_a_page_of_cases_costs_the_same_however_many_there_are(cases: Database) -> None:
    me = a_caller(*OWN)
    rows = [a_case(me) for _ in range(6)]
    comments = [a_comment(case) for case in rows]
    files = [a_file(row, comment_id=said.id) for row, said in zip(rows, comments, strict=True)]
    await kept(cases, *rows, *comments, *files)
    document = """{ cases(view: ALL) { totalCount nodes { number
        participants { access } viewerCan { edit } history { nodes { kind } }
        comments { totalCount nodes { body files { name } } } files { nodes { name } } } } }"""

    with statements(cases) as seen:
        data = await answered(cases, me, document)

    assert data["cases"]["totalCount"] == 6
    assert len([each for each in seen if each.startswith("SELECT")]) == 9
