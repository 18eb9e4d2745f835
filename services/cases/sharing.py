"""Sharing a case with colleagues, for reading or for taking part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.errors import NotFound
from kit.ids import to_global
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.errors import ReadOnly, SharedWithRequester
from services.cases.events import CaseShared, CaseUnshared
from services.cases.models import Case, CaseAccess, CaseEventKind, CaseParticipant
from services.cases.people import member_of
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository

_PERSON = "user"


async def share_case(
    session: AsyncSession, principal: Principal, case_id: UUID, user_id: UUID, access: CaseAccess
) -> None:
    """The person, an active member of the case's account, may read or comment from now on;
    shared twice, they may what was said last.

    Raises `NotFound`, `ReadOnly` and `SharedWithRequester`.
    """
    case, now = await _owned(session, principal, case_id)
    if user_id == case.requester_id:
        raise SharedWithRequester(path=("userId",))
    if not await member_of(session, case.account_id, user_id):
        raise NotFound(path=("userId",))
    if not await _granted(session, principal, case, user_id, access):
        return
    act = Act(session, case, principal.id, now)
    act.happened(CaseEventKind.SHARED, after=to_global(_PERSON, user_id))
    act.conclude()
    shared = CaseShared(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        user_id=user_id,
        access=access.name,
        shared_by_id=principal.id,
    )
    record(session, shared)
    await WritingRepository(session).looked(case, principal.id, now)


async def unshare_case(
    session: AsyncSession, principal: Principal, case_id: UUID, user_id: UUID
) -> None:
    """The person takes no part any more. Nothing is done when they take none.

    Raises `NotFound`, `ReadOnly` and `SharedWithRequester`.
    """
    case, now = await _owned(session, principal, case_id)
    if user_id == case.requester_id:
        raise SharedWithRequester(path=("userId",))
    participant = await session.get(CaseParticipant, (case.id, user_id))
    if participant is None:
        return
    await session.delete(participant)
    act = Act(session, case, principal.id, now)
    act.happened(CaseEventKind.UNSHARED, before=to_global(_PERSON, user_id))
    act.conclude()
    unshared = CaseUnshared(
        case_id=case.id, account_id=case.account_id, queue=case.queue.name, user_id=user_id
    )
    record(session, unshared)
    await WritingRepository(session).looked(case, principal.id, now)


async def _granted(
    session: AsyncSession, principal: Principal, case: Case, user_id: UUID, access: CaseAccess
) -> bool:
    """Whether the person has another access now than before."""
    participant = await session.get(CaseParticipant, (case.id, user_id))
    if participant is None:
        participant = CaseParticipant(
            case_id=case.id,
            user_id=user_id,
            account_id=case.account_id,
            access=access,
            shared_by_id=principal.id,
        )
        session.add(participant)
        return True
    before, participant.access = participant.access, access
    return before is not access


async def _owned(
    session: AsyncSession, principal: Principal, case_id: UUID
) -> tuple[Case, datetime]:
    """The case, locked, and when it was."""
    case = await WritingRepository(session).locked(case_id)
    if not permissions(principal, case, None).share:
        raise ReadOnly(path=("caseId",))
    return case, utc_now()
