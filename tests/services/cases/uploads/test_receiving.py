"""Bytes arrive, whole or in pieces, once or from many sides, and are counted exactly."""

import asyncio
import base64
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, to_global
from services.cases.models import CaseFile, CaseStatus, FileState, UploadSession
from services.cases.uploads.parts import PART
from tests.support.cases import a_caller, a_case, a_colleague, kept
from tests.support.uploading import BYTES, Desk, encoded

CREATE = Capability.CASE_CREATE
OWN = Capability.CASE_READ_OWN


def checksum(content: bytes, algorithm: str = "sha1") -> str:
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


async def test_an_upload_goes_on_where_it_was_cut(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 10)).path

    cut = await desk.send(me, path, 0, b"abc", b"d", cut=True)
    asked = await desk.ask(me, "HEAD", path)
    last = await desk.send(me, path, asked.offset, b"efghij")

    assert (cut.status, asked.status, asked.offset) == (204, 200, 4)
    assert asked.headers["upload-length"] == "10"
    assert (last.status, last.offset) == (204, 10)
    assert b"".join([c async for c in desk.store.read(_id(path))]) == b"abcdefghij"


async def test_more_than_one_part_is_kept_in_order(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    content = bytes(range(256)) * (PART // 100)

    chunks = [content[at : at + 300_000] for at in range(0, len(content), 300_000)]
    path = (await desk.announce(me, case, len(content))).path
    await desk.send(me, path, 0, *chunks)

    assert len(await desk.kept()) == 3
    assert b"".join([c async for c in desk.store.read(_id(path))]) == content


async def test_a_file_of_no_bytes_arrives_with_its_announcement(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))

    created = await desk.announce(me, case, 0)

    assert (created.status, created.offset) == (201, 0)
    assert (await desk.file_of(created.path)).state is FileState.SCANNING


@pytest.mark.parametrize("size", [2**31 - 1, 2**31, 5 * 2**30, 2**40])
async def test_sizes_beyond_32_bits_are_kept_exactly(cases: Database, size: int) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))

    created = await desk.announce(me, case, size)
    asked = await desk.ask(me, "HEAD", created.path)

    assert asked.headers["upload-length"] == str(size)


async def test_bytes_may_come_with_the_announcement(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    case_id = (await desk.announce(me, case, 1)).path  # an upload beside it changes nothing

    created = await desk.ask(
        me,
        "POST",
        "/uploads/cases",
        b"abc",
        upload_length="5",
        upload_metadata=f"caseId {base64.b64encode(_global(case.id)).decode()}",
        content_type=BYTES,
    )

    assert (created.status, created.offset) == (201, 3)
    assert created.path != case_id


@pytest.mark.parametrize("offset", [0, 2, 5])
async def test_bytes_for_another_place_are_refused_and_change_nothing(
    cases: Database, offset: int
) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 5)).path
    await desk.send(me, path, 0, b"abc")

    answer = await desk.send(me, path, offset, b"xy")

    assert (answer.status, answer.code) == (409, "OFFSET_CONFLICT")
    assert (await desk.ask(me, "HEAD", path)).offset == 3


async def test_of_two_writers_one_wins_and_nothing_is_mixed(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 6)).path

    answers = await asyncio.gather(
        *(desk.send(me, path, 0, bytes([letter]) * 6) for letter in b"abcdef")
    )

    assert sorted(answer.status for answer in answers) == [204] + [409] * 5
    content = b"".join([c async for c in desk.store.read(_id(path))])
    assert len(set(content)) == 1
    assert len(content) == 6
    assert len(await desk.kept()) == 1


async def test_more_bytes_than_announced_are_refused(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 3)).path

    answer = await desk.send(me, path, 0, b"ab", b"cd")

    assert (answer.status, answer.code) == (413, "TOO_MANY_BYTES")
    assert (await desk.ask(me, "HEAD", path)).offset == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
async def test_bytes_that_are_what_their_checksum_says_count(
    cases: Database, algorithm: str
) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path

    answer = await desk.send(
        me, path, 0, b"ab", b"cd", upload_checksum=checksum(b"abcd", algorithm)
    )

    assert (answer.status, answer.offset) == (204, 4)


@pytest.mark.parametrize("cut", [False, True])
async def test_bytes_that_are_not_are_dropped_whole(cases: Database, cut: bool) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path

    answer = await desk.send(me, path, 0, b"abc", cut=cut, upload_checksum=checksum(b"abcd"))

    assert (answer.status, answer.code) == (460, "CHECKSUM_MISMATCH")
    assert (await desk.ask(me, "HEAD", path)).offset == 0
    assert await desk.kept() == []


@pytest.mark.parametrize(
    "text", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1", "sha1 ???", "sha1 YWJj", "sha256"]
)
async def test_a_checksum_that_cannot_be_read_is_refused(cases: Database, text: str) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path

    answer = await desk.send(me, path, 0, b"abcd", upload_checksum=text)

    assert answer.status == 400


async def test_uploads_are_their_owners_own(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    admin = a_colleague(me, CREATE, Capability.CASE_READ_ALL)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path

    for answer in (
        await desk.ask(admin, "HEAD", path),
        await desk.send(admin, path, 0, b"abcd"),
        await desk.ask(admin, "DELETE", path),
        await desk.ask(me, "HEAD", "/uploads/cases/upl_00000000000000000000000000"),
    ):
        assert answer.status == 404


async def test_who_loses_the_case_loses_the_upload(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path
    await desk.send(me, path, 0, b"ab")

    answer = await desk.send(a_colleague(me), path, 2, b"cd")

    assert answer.status == 404


async def test_an_upload_ends_when_nothing_comes_for_too_long(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    created = await desk.announce(me, case, 4)
    async with cases.system() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(
            update(UploadSession)
            .where(UploadSession.id == _id(created.path))
            .values(expires_at=past)
        )

    answer = await desk.send(me, created.path, 0, b"abcd")

    assert (answer.status, answer.code) == (410, "UPLOAD_EXPIRED")
    assert created.headers["upload-expires"].endswith(" GMT")


async def test_an_upload_that_is_taken_back_leaves_nothing(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path
    file = await desk.file_of(path)
    await desk.send(me, path, 0, b"ab")

    answer = await desk.ask(me, "DELETE", path)

    assert answer.status == 204
    assert (await desk.ask(me, "HEAD", path)).status == 404
    assert await desk.kept() == []
    async with cases.system() as session:
        assert (await session.get_one(CaseFile, file.id)).state is FileState.ABANDONED


async def test_a_file_that_has_arrived_is_not_taken_back(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    path = await desk.brought(me, case, b"abcd")

    answer = await desk.ask(me, "DELETE", path)

    assert (answer.status, answer.code) == (403, "UPLOAD_FINISHED")


async def test_files_are_put_together_from_parts_that_came_side_by_side(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    told = {"caseId": _global(case.id).decode(), "filename": "big.bin"}
    paths = []
    for content in (b"abc", b"defg", b"h"):
        created = await desk.ask(
            me,
            "POST",
            upload_length=str(len(content)),
            upload_concat="partial",
            upload_metadata=encoded(told),
        )
        await desk.send(me, created.path, 0, content)
        paths.append(created.path)

    whole = await desk.ask(
        me,
        "POST",
        upload_concat=f"final;{' '.join(paths)}",
        upload_metadata=encoded(told),
    )

    assert (whole.status, whole.offset) == (201, 8)
    assert b"".join([c async for c in desk.store.read(_id(whole.path))]) == b"abcdefgh"
    assert (await desk.ask(me, "HEAD", paths[0])).status == 404
    assert (await desk.file_of(whole.path)).state is FileState.SCANNING


async def test_parts_that_are_not_whole_or_not_there_make_no_file(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me))
    told = encoded({"caseId": _global(case.id).decode()})
    partial = await desk.ask(
        me, "POST", upload_length="3", upload_concat="partial", upload_metadata=told
    )

    for urls, status in (
        (partial.path, 400),
        ("/uploads/cases/upl_00000000000000000000000000", 404),
        ("https://elsewhere.example.com/x", 404),
        ("", 400),
    ):
        answer = await desk.ask(me, "POST", upload_concat=f"final;{urls}", upload_metadata=told)
        assert answer.status == status


async def test_a_closed_case_still_takes_files_and_stays_closed(cases: Database) -> None:
    me, desk = a_caller(CREATE, OWN), Desk(cases)
    await kept(cases, case := a_case(me, status=CaseStatus.CLOSED))

    path = await desk.brought(me, case, b"abcd")

    assert (await desk.file_of(path)).state is FileState.SCANNING
    async with cases.system() as session:
        assert (await session.get_one(type(case), case.id)).status is CaseStatus.CLOSED


def _id(path: str) -> UUID:
    id = from_global("upl", path.rpartition("/")[2])
    assert id is not None
    return id


def _global(id: UUID) -> bytes:
    return to_global("case", id).encode()
