"""Cases: who finds which, and what of them they see."""

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from services.cases.models import (
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
    assert url.startswith(f"https://portal.example.com/files/cases/{global_id(file)}?expires=")
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
