"""Watching a list: what changes, comes and goes in it, for whoever sees it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from kit.broadcast import ROOM
from kit.columns import utc_now
from kit.database import Database
from kit.ids import new_id
from kit.pagination import Cursors, PageRequest, Paginator
from kit.principal import Principal
from kit.streams import Live, Received
from services.cases.models import (
    Case,
    CaseAccess,
    CaseParticipant,
    CaseQueue,
    CaseStatus,
)
from services.cases.repository.cases import CaseRepository
from services.cases.repository.query import CaseQuery, CaseSelection, CaseView, Reader
from services.cases.watching import Watching
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_look,
    kept,
    staff,
    the_account,
)
from tests.support.watching import Office, Stream, an_office


@pytest_asyncio.fixture
async def office(cases: Database, cases_url: str) -> AsyncIterator[Office]:
    """With nothing left to tell."""
    async with an_office(cases_url) as office:
        yield office


def shared(case: Case, with_: Principal) -> CaseParticipant:
    """The case is shared for reading."""
    return CaseParticipant(
        case_id=case.id,
        account_id=case.account_id,
        user_id=with_.id,
        access=CaseAccess.READ,
        shared_by_id=case.requester_id,
    )


async def test_a_comment_is_told_to_whoever_sees_the_case(office: Office) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching_list(me) as stream:
        await office.comment(a_colleague(me, *ALL), case)
        told = await stream.next()

    assert told is not None
    assert told.id == case.id


def somebody(who: str, account: UUID) -> Principal:
    """One of each kind."""
    return {
        "member": a_caller(*OWN, account=account),
        "administrator": a_caller(*ALL, account=account),
        "desk": staff(CaseQueue.LICENSING),
    }[who]


async def listed(office: Office, caller: Principal, query: CaseQuery) -> set[UUID]:
    """What the list itself shows."""
    async with office.database.session(caller) as session:
        repository = CaseRepository(session, Paginator(Cursors(bytes(32))), Reader.of(caller))
        page = await repository.page(query, PageRequest("test", first=100))
    return {row.id for row in page.nodes}


@pytest.mark.parametrize("view", CaseView)
@pytest.mark.parametrize("who", ["member", "administrator", "desk"])
async def test_the_list_and_its_stream_agree(office: Office, view: CaseView, who: str) -> None:
    account = new_id()
    caller = somebody(who, account)
    rows = [
        a_case(account, requester_id=requester, queue=queue, status=status)
        for requester in (caller.id, new_id())
        for queue in (CaseQueue.TECHNICAL_SUPPORT, CaseQueue.LICENSING)
        for status in (CaseStatus.NEW, CaseStatus.ON_HOLD)
    ]
    await kept(office.database, *rows, *(a_look(caller, row) for row in rows[::2]))
    query = CaseQuery(view, CaseSelection(account_ids=(account,)))

    async with office.watching_list(caller, query) as stream:
        first = await told_of(office, stream, rows)
        second = await told_of(office, stream, rows)

    # What was never told of may have been in the list before.
    inside = await listed(office, caller, query)
    assert first >= inside
    assert second == inside


async def told_of(office: Office, stream: Stream, rows: list[Case]) -> set[UUID]:
    """Which of the cases are told of when each changes."""
    told = set()
    for row in rows:
        stream.wait()
        async with office.database.looked():
            await office.touch(row)
        told |= {case.id for case in await arrived(stream) if case is not None}
    return told


async def arrived(stream: Stream) -> list[Case | None]:
    """What has come already."""
    told = []
    while not stream.is_quiet:
        told.append(await stream.next())
        stream.wait()
    return told


async def test_a_list_begins_with_the_advice_to_read_it(office: Office) -> None:
    case = a_case(me := a_caller(*OWN))
    await kept(office.database, case)

    async with office.watching_list(me) as stream:  # which is where it is told
        stream.wait()
        async with office.database.looked():
            await office.change(case)

        assert stream.is_quiet


async def test_a_new_case_is_told(office: Office) -> None:
    me = a_caller(*OWN)

    async with office.watching_list(me) as stream:
        case = a_case(me)
        await kept(office.database, case)
        await office.touch(case)
        told = await stream.next()

    assert told is not None
    assert told.id == case.id


async def test_nothing_is_told_of_other_peoples_cases_and_other_accounts(office: Office) -> None:
    me = a_caller(*OWN)
    others = [a_case(the_account(me)), a_case(new_id())]
    mine = a_case(me)
    await kept(office.database, *others, mine)

    async with office.watching_list(me) as stream:
        stream.wait()
        async with office.database.looked():
            await office.touch(others[0])
        await office.touch(others[1])
        await office.touch(mine)
        told = await stream.next()

    assert told is not None
    assert told.id == mine.id


@pytest.mark.parametrize("age", [timedelta(seconds=1), timedelta(seconds=30), timedelta(days=1)])
async def test_a_note_is_told_to_the_staff_and_to_nobody_else(
    office: Office, age: timedelta
) -> None:
    me, desk, moment = a_caller(*OWN), staff(), utc_now() - age
    case = a_case(me, updated_at=moment, customer_updated_at=moment)
    await kept(office.database, case)
    query = CaseQuery(CaseView.ALL_OPEN, CaseSelection(account_ids=(case.account_id,)))

    async with office.watching_list(me) as mine, office.watching_list(desk, query) as theirs:
        mine.wait()
        async with office.database.looked(times=2):
            theirs.wait()
            await office.note(desk, case)
        told = await theirs.next()

        assert mine.is_quiet
    assert told is not None
    assert told.id == case.id


async def test_a_change_that_was_under_way_when_the_stream_began_is_told(office: Office) -> None:
    me, moment = a_caller(*OWN), utc_now()
    case = a_case(me)
    await kept(office.database, case)

    async with office.watching_list(me) as stream:
        await office.change(case, updated_at=moment, customer_updated_at=moment)
        told = await stream.next()

    assert told is not None
    assert told.id == case.id


async def test_a_case_that_leaves_is_told_of_once_and_again_when_it_is_back(
    office: Office,
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(office.database, case)
    statuses = [CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.CLOSED, CaseStatus.OPEN]

    heard = []
    async with office.watching_list(me) as stream:
        for status in statuses:
            stream.wait()
            async with office.database.looked():
                await office.touch(case, status=status)
            heard.append([told.status for told in await arrived(stream) if told is not None])

    assert heard == [[CaseStatus.RESOLVED], [], [], [CaseStatus.OPEN]]


async def test_a_queue_that_a_case_leaves_hears_nothing_of_where_it_went(office: Office) -> None:
    case = a_case(a_caller(*OWN))
    desk = staff(CaseQueue.TECHNICAL_SUPPORT)
    await kept(office.database, case)
    query = CaseQuery(CaseView.ALL_OPEN, CaseSelection(account_ids=(case.account_id,)))

    async with office.watching_list(desk, query) as stream:
        await office.touch(case)
        before = await stream.next()
        await office.touch(case, queue=CaseQueue.LICENSING)
        after = await stream.next()
        stream.wait()
        async with office.database.looked():
            await office.touch(case)

        assert stream.is_quiet
    assert before is not None
    assert after is None


async def test_a_share_that_ends_says_to_read_the_list_anew(office: Office) -> None:
    owner = a_caller(*OWN)
    friend = a_colleague(owner, *OWN)
    case = a_case(owner)
    share = shared(case, friend)
    await kept(office.database, case, share)

    async with office.watching_list(friend) as stream:
        await office.touch(case)
        before = await stream.next()
        async with office.database.system() as session:
            await session.delete(
                await session.get_one(CaseParticipant, (share.case_id, share.user_id))
            )
        await office.touch(case)
        after = await stream.next()

    assert before is not None
    assert after is None


async def test_after_an_interruption_the_list_is_to_be_read_anew(office: Office) -> None:
    async with office.watching_list(a_caller(*OWN)) as stream:
        office.broadcast.tell(Live())

        assert await stream.next() is None


async def test_a_flood_is_told_as_one_advice(office: Office) -> None:
    me = a_caller(*OWN)

    async with office.watching_list(me) as stream:
        for _ in range(ROOM + 1):
            office.broadcast.tell(touched(the_account(me)))
        told = await stream.next()
        stream.wait()

        assert told is None
        assert stream.is_quiet


def touched(account: UUID) -> Received:
    """Some case of the account was changed."""
    return Received(new_id(), "cases.x", {"case_id": str(new_id()), "account_id": str(account)})


async def test_rights_that_end_by_the_clock_end_the_stream_before_anything_is_told(
    office: Office,
) -> None:
    me = replace(a_caller(*OWN), valid_until=utc_now() - timedelta(seconds=1))
    changes = Watching(office.database, office.broadcast, pace=0).cases(me, CaseQuery())

    assert [told async for told in changes] == []
