"""What becomes of files that have arrived."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.objects import Objects
from services.cases.models import CaseFile, FileState, Finding
from services.cases.uploads.scanners import CLEAN, ScannerUnavailable, Verdict
from services.cases.uploads.sweeping import Sweeper
from tests.support.cases import a_caller, a_case, kept
from tests.support.uploading import Desk

OWN = (Capability.CASE_CREATE, Capability.CASE_READ_OWN)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_zip(*, encrypted: bool) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "words")
    content = bytearray(target.getvalue())
    # Bit 0 of the flags, in the local header and in the list at the end (APPNOTE 4.4.4).
    content[6] |= encrypted
    content[content.index(b"PK\x01\x02") + 8] |= encrypted
    return bytes(content)


async def inspected(desk: Desk, content: bytes, **told: str) -> CaseFile:
    """The file after everybody has looked into it."""
    me = a_caller(*OWN)
    await kept(desk.database, case := a_case(me))
    path = await desk.brought(me, case, content, **told)
    while await desk.inspector.inspect_next():
        pass
    return await desk.file_of(path)


async def content_of(objects: Objects, file: CaseFile) -> bytes:
    assert file.object_key is not None
    return b"".join([chunk async for chunk in (await objects.get(file.object_key)).chunks])


@pytest.mark.parametrize("content", [b"", b"words", b"x" * 9_000_000])
async def test_a_clean_file_is_ready_with_its_hash_and_type(
    cases: Database, content: bytes
) -> None:
    desk = Desk(cases)

    file = await inspected(desk, content)

    assert (file.state, file.finding) == (FileState.READY, None)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert await content_of(desk.objects, file) == content
    assert await desk.kept("uploads") == []


async def test_a_harmful_file_is_quarantined_and_not_kept(cases: Database) -> None:
    desk = Desk(cases)

    file = await inspected(desk, EICAR)

    assert (file.state, file.finding) == (FileState.QUARANTINED, "MALWARE")
    assert file.object_key is None
    assert await desk.kept("files") == await desk.kept("uploads") == []


async def test_what_nobody_can_look_into_is_neither_clean_nor_harmful(cases: Database) -> None:
    desk = Desk(cases)

    closed = await inspected(desk, a_zip(encrypted=True))
    cut = await inspected(desk, a_zip(encrypted=False)[:-10])
    open_ = await inspected(desk, a_zip(encrypted=False))

    assert (closed.state, closed.finding) == (FileState.QUARANTINED, "INCONCLUSIVE")
    assert (cut.state, cut.finding) == (FileState.QUARANTINED, "INCONCLUSIVE")
    assert (open_.state, open_.finding) == (FileState.READY, None)


async def test_other_bytes_than_were_announced_are_abandoned(cases: Database) -> None:
    desk = Desk(cases)

    file = await inspected(desk, b"words", sha256=hashlib.sha256(b"other").hexdigest())

    assert (file.state, file.finding) == (FileState.ABANDONED, "CHECKSUM_MISMATCH")
    assert await desk.kept("files") == []


class Waking:
    """A scanner that is not there at first."""

    def __init__(self) -> None:
        self.asked = 0

    async def scan(self, content: AsyncIterator[bytes]) -> Verdict:
        self.asked += 1
        if self.asked == 1:
            raise ScannerUnavailable("not yet")
        return CLEAN


async def test_a_file_waits_for_a_scanner_that_is_away(cases: Database) -> None:
    scanner = Waking()
    desk = Desk(cases, scanner=scanner)
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))
    path = await desk.brought(me, case, b"words")

    await desk.inspector.inspect_next()
    meanwhile = (await desk.file_of(path)).state
    at_once = await desk.inspector.inspect_next()
    soon = datetime.now(UTC) + timedelta(minutes=1)
    await replace(desk.inspector, now=lambda: soon).inspect_next()

    assert (meanwhile, at_once) == (FileState.SCANNING, False)
    assert (await desk.file_of(path)).state is FileState.READY


async def test_a_file_whose_bytes_are_mislaid_waits_and_keeps_nobody_else_waiting(
    cases: Database,
) -> None:
    desk, me = Desk(cases), a_caller(*OWN)
    await kept(cases, case := a_case(me))
    path = await desk.brought(me, case, b"words")
    (key,) = await desk.kept()
    await desk.objects.delete(key)

    other = await inspected(desk, b"others")

    assert other.state is FileState.READY
    assert (await desk.file_of(path)).state is FileState.SCANNING


async def test_a_file_is_with_one_inspector_at_a_time(cases: Database) -> None:
    desk = Desk(cases)
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))
    await desk.brought(me, case, b"words")

    looked = await asyncio.gather(*(desk.inspector.inspect_next() for _ in range(8)))

    assert looked.count(True) == 1


async def test_bytes_that_nobody_counts_are_swept_away_in_time(cases: Database) -> None:
    desk = Desk(cases)
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path
    await desk.send(me, path, 0, b"ab")
    await desk.objects.put("uploads/dead/00", b"lost when a process was killed")
    file = await inspected(desk, b"words")

    await Sweeper(desk.store, desk.objects).sweep()
    young = await desk.kept()
    soon = datetime.now(UTC) + timedelta(days=2)
    await Sweeper(desk.store, desk.objects, now=lambda: soon).sweep()

    assert len(young) == 2
    assert len(await desk.kept()) == 1
    assert await desk.kept("files") == [file.object_key]


async def test_an_upload_whose_rest_never_came_is_abandoned(cases: Database) -> None:
    desk = Desk(cases)
    me = a_caller(*OWN)
    await kept(cases, case := a_case(me))
    path = (await desk.announce(me, case, 4)).path
    await desk.send(me, path, 0, b"ab")
    file = await desk.file_of(path)

    late = datetime.now(UTC) + timedelta(days=8)
    await Sweeper(desk.store, desk.objects, now=lambda: late).sweep()

    assert await desk.kept() == []
    async with cases.system() as session:
        row = await session.get_one(CaseFile, file.id)
    assert (row.state, row.finding) == (FileState.ABANDONED, Finding.EXPIRED)
