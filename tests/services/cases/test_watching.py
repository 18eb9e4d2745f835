"""Watching one case: what is told is what the watcher may know of at that moment."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from kit.columns import utc_now
from kit.database import Database
from kit.ids import new_id
from kit.outbox import record
from kit.streams import Live, Lost
from services.cases.events import FileInspected
from services.cases.models import Case, CaseAccess, CaseFile, CaseParticipant, CaseStatus, FileState
from tests.support.cases import ALL, OWN, a_caller, a_case, a_colleague, a_file, kept, staff
from tests.support.watching import Office, an_office


@pytest_asyncio.fixture
async def office(cases: Database, cases_url: str) -> AsyncIterator[Office]:
    """With nothing left to tell."""
    async with an_office(cases_url) as office:
        yield office


async def test_the_case_is_told_as_it_is_and_again_when_a_colleague_speaks(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        first = await stream.next()
        await office.comment(a_colleague(me, *ALL), case)
        second = await stream.next()

    assert first is not None
    assert second is not None
    assert (first.id, second.id) == (case.id, case.id)
    assert second.version == first.version + 1
    assert second.customer_updated_at > first.customer_updated_at


@pytest.mark.parametrize("exists", [True, False])
async def test_a_case_that_is_not_seen_is_told_of_as_one_that_does_not_exist(
    office: Office, exists: bool
) -> None:
    case = a_case(new_id())
    await kept(office.database, case)

    async with office.watching(a_caller(*ALL), case.id if exists else new_id()) as stream:
        told = [await stream.next()]
        with pytest.raises(StopAsyncIteration):
            await stream.next()

    assert told == [None]


async def test_a_note_is_told_to_the_staff_and_to_nobody_else(office: Office) -> None:
    me, desk = a_caller(*OWN), staff()
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as mine, office.watching(desk, case) as theirs:
        await mine.next()
        await theirs.next()
        mine.wait()
        async with office.database.looked(times=2):
            theirs.wait()
            await office.note(desk, case)
        told = await theirs.next()

        assert mine.is_quiet
    assert told is not None
    assert told.updated_at > told.customer_updated_at


async def test_a_hold_is_told_to_the_staff_and_to_nobody_else(office: Office) -> None:
    me, desk = a_caller(*OWN), staff()
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(office.database, case)

    async with office.watching(me, case) as mine, office.watching(desk, case) as theirs:
        await mine.next()
        await theirs.next()
        mine.wait()
        async with office.database.looked(times=2):
            theirs.wait()
            await office.change(case, status=CaseStatus.ON_HOLD, updated_at=utc_now())
        told = await theirs.next()

        assert mine.is_quiet
    assert told is not None
    assert told.status is CaseStatus.ON_HOLD


async def test_an_event_that_comes_twice_is_told_once(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        await stream.next()
        await office.touch(case, version=2)
        await stream.next()
        stream.wait()
        async with office.database.looked():
            await office.change(case)

        assert stream.is_quiet


async def test_what_happens_while_nobody_asks_is_told_at_once(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        await stream.next()
        for version in range(2, 30):
            await office.touch(case, version=version)
        told = await stream.next()
        stream.wait()
        async with office.database.looked():
            await office.change(case)

        assert stream.is_quiet
    assert told is not None
    assert told.version == 29


async def test_the_stream_ends_with_the_share(office: Office) -> None:
    owner = a_caller(*OWN)
    friend = a_colleague(owner, *OWN)
    case = a_case(owner)
    share = CaseParticipant(
        case_id=case.id,
        account_id=case.account_id,
        user_id=friend.id,
        access=CaseAccess.READ,
        shared_by_id=owner.id,
    )
    await kept(office.database, case, share)

    async with office.watching(friend, case) as stream:
        first = await stream.next()
        async with office.database.system() as session:
            await session.delete(await session.get_one(CaseParticipant, (case.id, friend.id)))
        await office.comment(owner, case)
        told = await stream.next()
        with pytest.raises(StopAsyncIteration):
            await stream.next()

    assert first is not None
    assert told is None


@pytest.mark.parametrize("internal", [False, True])
async def test_a_file_that_was_looked_into_is_told_to_those_who_see_it(
    office: Office, internal: bool
) -> None:
    me, desk = a_caller(*OWN), staff()
    case = a_case(me)
    file = a_file(case, state=FileState.SCANNING, internal=internal)
    await kept(office.database, case, file)

    async with office.watching(me, case) as mine, office.watching(desk, case) as theirs:
        await mine.next()
        await theirs.next()
        mine.wait()
        async with office.database.looked(times=2):
            theirs.wait()
            await inspected(office, file)
        await theirs.next()

        assert mine.is_quiet is internal


async def inspected(office: Office, file: CaseFile) -> None:
    """It is known what the file is, which is told."""
    async with office.database.system() as session:
        row = await session.get_one(CaseFile, file.id)
        row.state = FileState.READY
        fact = FileInspected(
            case_id=file.case_id,
            account_id=file.account_id,
            file_id=file.id,
            uploaded_by_id=file.uploaded_by_id,
            state=FileState.READY.name,
            finding=None,
        )
        record(session, fact)
    await office.publish()


async def test_after_an_interruption_the_case_is_told_anew(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        await stream.next()
        office.broadcast.tell(Lost())
        async with office.database.system() as session:
            (await session.get_one(Case, case.id)).subject = "Missed"
        office.broadcast.tell(Live())
        told = await stream.next()

    assert told is not None
    assert told.subject == "Missed"


async def test_rights_that_end_by_the_clock_end_the_stream_before_anything_is_told(
    office: Office,
) -> None:
    me = replace(a_caller(*OWN), valid_until=utc_now() - timedelta(seconds=1))
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        with pytest.raises(StopAsyncIteration):
            await stream.next()


async def test_whoever_leaves_is_forgotten(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching(me, case) as stream:
        await stream.next()
        listening = len(office.broadcast)

    assert (listening, len(office.broadcast)) == (1, 0)
