"""Comments, files and uploads: what belongs to a case."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.principal import Principal
from services.cases.models import (
    FileState,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_comment,
    a_file,
    an_upload,
    answered,
    global_id,
    kept,
    the_account,
)

FILES = """query ($number: String) { case(number: $number) { files { nodes { downloadUrl } } } }"""


@pytest.mark.parametrize("kind", ["CaseComment", "CaseFile", "UploadSession"])
async def test_what_belongs_to_a_case_is_out_of_sight_with_it(cases: Database, kind: str) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    comment, file = a_comment(case), a_file(case)
    upload = an_upload(file)
    await kept(cases, case, comment, file, upload)
    ids = {
        "CaseComment": global_id(comment),
        "CaseFile": global_id(file),
        "UploadSession": global_id(upload),
    }
    key = {"__typename": kind, "id": ids[kind]}
    document = f"""query ($k: [_Any!]!) {{
        _entities(representations: $k) {{ ... on {kind} {{ id }} }} }}"""
    # The same person, who has lost the right to read cases, and somebody of another account.
    without = Principal(
        kind=me.kind, id=me.id, accounts={the_account(me): frozenset({Capability.CASE_CREATE})}
    )

    found = [
        (await answered(cases, each, document, k=[dict(key)]))["_entities"]
        for each in (me, without, a_caller(*ALL))
    ]

    assert found == [[{"id": ids[kind]}], [None], [None]]


async def test_an_upload_is_its_owners_only_and_says_how_far_it_got(cases: Database) -> None:
    me = a_caller(*OWN)
    admin = a_colleague(me, *ALL)
    case = a_case(me)
    file = a_file(case, size=6 * 2**40)
    upload = an_upload(file)
    await kept(cases, case, file, upload)
    document = """query ($k: [_Any!]!) { _entities(representations: $k) {
        ... on UploadSession { offset uploadUrl file { size state downloadUrl } } } }"""
    key = {"__typename": "UploadSession", "id": global_id(upload)}

    (mine,) = (await answered(cases, me, document, k=[dict(key)]))["_entities"]
    (theirs,) = (await answered(cases, admin, document, k=[dict(key)]))["_entities"]

    assert mine["offset"] == str(2 * 2**40)
    assert mine["file"] == {"size": str(6 * 2**40), "state": "UPLOADING", "downloadUrl": None}
    assert mine["uploadUrl"].startswith("https://portal.example.com/uploads/cases/upl_")
    assert theirs is None


@pytest.mark.parametrize("state", [state for state in FileState if state is not FileState.READY])
async def test_only_a_ready_file_can_be_fetched(cases: Database, state: FileState) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case, a_file(case, state=state))

    data = await answered(cases, me, FILES, number=case.number)

    assert data["case"]["files"]["nodes"][0]["downloadUrl"] is None


async def test_a_long_conversation_is_read_page_by_page_oldest_first(cases: Database) -> None:
    me, begun = a_caller(*OWN), datetime.now(UTC) - timedelta(days=1)
    case = a_case(me)
    said = [a_comment(case, str(n), created_at=begun + timedelta(minutes=n // 2)) for n in range(7)]
    await kept(cases, case, *said)
    document = """query ($number: String, $after: String) { case(number: $number) {
        comments(first: 3, after: $after) {
            pageInfo { hasNextPage endCursor } nodes { body } } } }"""

    bodies: list[str] = []
    after = None
    for _ in range(3):
        data = await answered(cases, me, document, number=case.number, after=after)
        page = data["case"]["comments"]
        bodies += [node["body"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert bodies == [str(n) for n in range(7)]
    assert page["pageInfo"]["hasNextPage"] is False
