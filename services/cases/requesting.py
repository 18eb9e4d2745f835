"""Asking for files: support says what it needs, and the case waits for its customer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.errors import Forbidden
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.commenting import NewComment, add_comment
from services.cases.errors import CaseHasEnded
from services.cases.events import FilesRequested
from services.cases.models import (
    Case,
    CaseComment,
    CaseEventKind,
    CaseStatus,
    FileRequest,
    is_staff,
)
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository
from services.cases.statuses import turn


async def request_files(
    session: AsyncSession, principal: Principal, case_id: UUID, what: str
) -> UUID:
    """The id of the comment that asks for them. Asked again in the same words while the case
    still waits for the answer, it is the same.

    Raises `NotFound`, `Forbidden` and `CaseHasEnded`.
    """
    case = await WritingRepository(session).locked(case_id)
    if not is_staff(principal) or not permissions(principal, case, None).owns:
        raise Forbidden(path=("caseId",))
    if case.has_ended:
        raise CaseHasEnded(path=("caseId",))
    asked = await _asked(session, case, principal, what)
    if asked is not None:
        return asked
    said = NewComment(case_id=case.id, body=what, internal=False, upload_ids=())
    comment = await add_comment(session, principal, said)
    await _wait(session, case, comment)
    return comment.id


async def _asked(session: AsyncSession, case: Case, principal: Principal, what: str) -> UUID | None:
    if case.status is not CaseStatus.PENDING_CUSTOMER:
        return None
    id: UUID | None = await session.scalar(
        select(FileRequest.comment_id)
        .where(
            FileRequest.case_id == case.id,
            FileRequest.requested_by_id == principal.id,
            FileRequest.what == what,
            FileRequest.fulfilled_at.is_(None),
        )
        .order_by(FileRequest.created_at.desc())
        .limit(1)
    )
    return id


async def _wait(session: AsyncSession, case: Case, comment: CaseComment) -> None:
    act = Act(session, case, comment.author_id, utc_now())
    session.add(
        FileRequest(
            account_id=case.account_id,
            case_id=case.id,
            comment_id=comment.id,
            requested_by_id=comment.author_id,
            what=comment.body,
            created_at=act.now,
        )
    )
    act.happened(CaseEventKind.FILES_REQUESTED)
    requested = FilesRequested(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        comment_id=comment.id,
        requested_by_id=comment.author_id,
    )
    record(session, requested)
    await turn(act, CaseStatus.PENDING_CUSTOMER)
    act.conclude()
    await WritingRepository(session).looked(case, comment.author_id, act.now)
