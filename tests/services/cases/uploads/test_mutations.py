"""Uploads by GraphQL, and what their files belong to."""

import hashlib
from typing import Any

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.principal import Principal
from services.cases.models import Case, CaseQueue, FileState
from tests.support.cases import (
    a_caller,
    a_case,
    a_colleague,
    a_dashboard,
    a_file,
    account_id,
    answered,
    global_id,
    kept,
    staff,
)
from tests.support.uploading import ORIGIN, Desk, encoded

OWN = (Capability.CASE_CREATE, Capability.CASE_READ_OWN)

START = """mutation ($input: StartUploadInput!) { startUpload(input: $input) {
  upload { id uploadUrl offset expiresAt file { name size state } }
  errors { code path message }
} }"""
FINISH = """mutation ($id: ID!) { finishUpload(uploadId: $id) {
  upload { offset file { state } } errors { code path message }
} }"""
CREATE = """mutation ($input: CreateCaseInput!) { createCase(input: $input) {
  case { number files { nodes { name } } history { nodes { kind to } } }
  errors { code path }
} }"""
FILES = """query ($number: String!) { case(number: $number) {
  files { totalCount nodes { name state finding } } history { nodes { kind } }
} }"""


async def started(
    cases: Database, principal: Principal, case: Case, **input: Any
) -> dict[str, Any]:
    values = {
        "caseId": global_id(case),
        "fileName": "server.log",
        "size": "5",
        "idempotencyKey": "k1",
        **input,
    }
    data = await answered(cases, principal, START, input=values)
    payload: dict[str, Any] = data["startUpload"]
    return payload


async def test_an_announced_file_is_sent_to_its_address(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    await kept(cases, case := a_case(me))

    payload = await started(cases, me, case, fileName="../x/é.log")
    path = payload["upload"]["uploadUrl"].removeprefix(ORIGIN)
    sent = await desk.send(me, path, 0, b"words")

    assert payload["errors"] == []
    assert payload["upload"]["file"] == {"name": "é.log", "size": "5", "state": "UPLOADING"}
    assert (sent.status, sent.offset) == (204, 5)


async def test_the_same_key_gives_the_same_upload(cases: Database) -> None:
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))

    first = await started(cases, me, case)
    again = await started(cases, me, case)
    other = await started(cases, me, case, size="6")

    assert first["upload"]["id"] == again["upload"]["id"]
    assert [each["code"] for each in other["errors"]] == ["IDEMPOTENCY_MISMATCH"]


@pytest.mark.parametrize(
    ("input", "code", "path"),
    [
        ({"size": "-1"}, "INVALID", ["size"]),
        ({"size": "0.5"}, "INVALID", ["size"]),
        ({"size": str(5 * 1024**4 + 1)}, "FILE_REJECTED", ["size"]),
        ({"sha256": "abc"}, "INVALID", ["sha256"]),
        ({"caseId": "case_01J9Z3NDEKTSV4RRFFQ69G5FAV"}, "NOT_FOUND", ["caseId"]),
        ({"caseId": "x"}, "NOT_FOUND", ["caseId"]),
    ],
)
async def test_what_cannot_be_uploaded_is_refused(
    cases: Database, input: dict[str, str], code: str, path: list[str]
) -> None:
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))

    payload = await started(cases, me, case, **input)

    assert [(each["code"], each["path"]) for each in payload["errors"]] == [(code, path)]
    assert payload["upload"] is None


async def test_who_cannot_see_the_case_or_only_reads_it_uploads_nothing(cases: Database) -> None:
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))

    stranger = await started(cases, a_caller(*OWN), case)
    reader = await started(cases, a_colleague(me, Capability.CASE_READ_ALL), case)

    assert [each["code"] for each in stranger["errors"]] == ["NOT_FOUND"]
    assert [each["code"] for each in reader["errors"]] == ["FORBIDDEN"]


async def test_programs_bring_no_files(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    await kept(cases, case := a_case(me))

    answer = await desk.announce(a_dashboard(), case, 3)

    assert (answer.status, answer.code) == (403, "FORBIDDEN")


async def test_finishing_says_how_much_is_missing_and_finishing_twice_is_the_same(
    cases: Database,
) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    upload = (await started(cases, me, case))["upload"]
    path = upload["uploadUrl"].removeprefix(ORIGIN)
    await desk.send(me, path, 0, b"wor")

    early = (await answered(cases, me, FINISH, id=upload["id"]))["finishUpload"]
    await desk.send(me, path, 3, b"ds")
    done = (await answered(cases, me, FINISH, id=upload["id"]))["finishUpload"]
    again = (await answered(cases, me, FINISH, id=upload["id"]))["finishUpload"]

    assert [each["code"] for each in early["errors"]] == ["WRONG_STATE"]
    assert early["errors"][0]["message"].startswith("3 of 5 bytes")
    assert done == again == {"upload": {"offset": "5", "file": {"state": "SCANNING"}}, "errors": []}
    data = await answered(cases, me, FILES, number=case.number)
    assert [each["kind"] for each in data["case"]["history"]["nodes"]] == ["FILE_ADDED"]


async def test_finishing_tells_that_other_bytes_arrived(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    sha256 = hashlib.sha256(b"other").hexdigest()
    upload = (await started(cases, me, case, sha256=sha256))["upload"]
    await desk.send(me, upload["uploadUrl"].removeprefix(ORIGIN), 0, b"words")
    while await desk.inspector.inspect_next():
        pass

    payload = (await answered(cases, me, FINISH, id=upload["id"]))["finishUpload"]

    assert [each["code"] for each in payload["errors"]] == ["CHECKSUM_MISMATCH"]


async def test_a_person_has_only_so_many_unfinished_uploads(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases, settings={"max_uploads": 2})
    await kept(cases, case := a_case(me))

    answers = [await desk.announce(me, case, 1) for _ in range(3)]
    await desk.ask(me, "DELETE", answers[0].path)
    after = await desk.announce(me, case, 1)

    assert [each.status for each in answers] == [201, 201, 429]
    assert after.status == 201


async def test_files_may_be_brought_before_the_case_is_opened(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    told = {"accountId": account_id(me), "filename": "first.log"}
    created = await desk.ask(me, "POST", upload_length="3", upload_metadata=encoded(told))
    await desk.send(me, created.path, 0, b"abc")
    input = {
        "accountId": account_id(me),
        "queue": "TECHNICAL_SUPPORT",
        "subject": "It is slow",
        "description": "Since Monday.",
        "impact": "REDUCED",
        "uploadIds": [created.path.rpartition("/")[2]],
    }

    stolen = await answered(
        cases, a_colleague(me, *OWN), CREATE, input={**input, "idempotencyKey": "k1"}
    )
    opened = await answered(cases, me, CREATE, input={**input, "idempotencyKey": "k1"})
    twice = await answered(cases, me, CREATE, input={**input, "idempotencyKey": "k2"})

    assert stolen["createCase"]["errors"] == [{"code": "NOT_FOUND", "path": ["uploadIds"]}]
    assert opened["createCase"]["case"]["files"]["nodes"] == [{"name": "first.log"}]
    assert opened["createCase"]["case"]["history"]["nodes"] == [
        {"kind": "CREATED", "to": "NEW"},
        {"kind": "FILE_ADDED", "to": "first.log"},
    ]
    assert twice["createCase"]["errors"] == [{"code": "NOT_FOUND", "path": ["uploadIds"]}]


async def test_who_may_not_open_a_case_in_an_account_brings_it_no_files(cases: Database) -> None:
    me, desk = a_caller(*OWN), Desk(cases)
    told = encoded({"accountId": account_id(a_caller(*OWN)), "filename": "x"})

    for metadata in (told, "", encoded({"accountId": "nonsense"})):
        answer = await desk.ask(me, "POST", upload_length="3", upload_metadata=metadata)
        assert answer.status == 404


async def test_the_staffs_files_are_seen_when_they_come_with_words(cases: Database) -> None:
    me, desk, clerk = a_caller(*OWN), Desk(cases), staff(CaseQueue.TECHNICAL_SUPPORT)
    await kept(cases, case := a_case(me))
    before = await answered(cases, me, FILES, number=case.number)
    path = await desk.brought(clerk, case, b"patch")

    alone = await answered(cases, me, FILES, number=case.number)
    comment = {
        "caseId": global_id(case),
        "body": "Try this.",
        "uploadIds": [path.rpartition("/")[2]],
        "idempotencyKey": "k",
    }
    said = """mutation ($input: AddCommentInput!) {
      addCaseComment(input: $input) { errors { code } } }"""
    await answered(cases, clerk, said, input=comment)
    with_words = await answered(cases, me, FILES, number=case.number)

    assert alone == before
    assert with_words["case"]["files"]["totalCount"] == 1


async def test_a_quarantined_file_tells_why_and_is_never_given_out(cases: Database) -> None:
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))
    await kept(cases, a_file(case, state=FileState.QUARANTINED, finding="MALWARE"))

    data = await answered(
        cases,
        me,
        """query ($number: String!) { case(number: $number) {
             files { nodes { state finding downloadUrl } } } }""",
        number=case.number,
    )

    assert data["case"]["files"]["nodes"] == [
        {"state": "QUARANTINED", "finding": "MALWARE", "downloadUrl": None}
    ]
