"""Adding a comment: what it does to the case it is added to.

A comment of the customer's side reopens a case that had ended, and ends the waiting for them. The
staff's own words do neither; internal notes change nothing that anyone else can see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.clocks import Promise
from services.cases.errors import InternalRefused, ReadOnly
from services.cases.events import CommentAdded, NoteAdded
from services.cases.models import (
    Case,
    CaseComment,
    CaseEventKind,
    CaseStatus,
    is_staff,
)
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository
from services.cases.statuses import reopen


@dataclass(frozen=True, slots=True)
class NewComment:
    """What is said, in a text that has been checked."""

    case_id: UUID | None
    body: str
    internal: bool
    upload_ids: Sequence[UUID]


async def add_comment(session: AsyncSession, principal: Principal, new: NewComment) -> CaseComment:
    """The comment, announced once, with all that follows from it.

    Raises `NotFound`, `ReadOnly` and `InternalRefused`.
    """
    repository = WritingRepository(session)
    case = await repository.locked(new.case_id)
    now = utc_now()  # not before the lock: comments follow each other as they are written
    if not permissions(principal, case, await repository.access(case, principal.id)).comment:
        raise ReadOnly(path=("caseId",))
    if new.internal and not is_staff(principal):
        raise InternalRefused(path=("internal",))
    comment = await _said(session, case, principal, new, now)
    act = Act(session, case, principal.id, now)
    if new.internal:
        _note(act, comment)
    else:
        _speak(act, comment, await repository.promise(case), by_staff=is_staff(principal))
    await repository.looked(case, principal.id, now)
    return comment


async def _said(
    session: AsyncSession, case: Case, principal: Principal, new: NewComment, now: datetime
) -> CaseComment:
    comment = CaseComment(
        account_id=case.account_id,
        case_id=case.id,
        author_id=principal.id,
        body=new.body,
        internal=new.internal,
        created_at=now,
    )
    session.add(comment)
    await session.flush()
    files = await WritingRepository(session).arrived_files(case, principal.id, new.upload_ids)
    for file in files:
        file.comment_id, file.internal = comment.id, new.internal
    return comment


def _note(act: Act, comment: CaseComment) -> None:
    act.case.updated_at = act.now
    act.happened(CaseEventKind.NOTED, staff_only=True)
    noted = NoteAdded(
        case_id=act.case.id,
        queue=act.case.queue.name,
        comment_id=comment.id,
        author_id=comment.author_id,
    )
    record(act.session, noted)


def _speak(act: Act, comment: CaseComment, promise: Promise, *, by_staff: bool) -> None:
    act.happened(CaseEventKind.COMMENTED)
    if by_staff:
        _answer(act, promise)
    else:
        comment.reopened = _reply(act, promise)
    act.case.changed(act.now)
    added = CommentAdded(
        case_id=act.case.id,
        account_id=act.case.account_id,
        queue=act.case.queue.name,
        comment_id=comment.id,
        author_id=comment.author_id,
        by_staff=by_staff,
    )
    record(act.session, added)


def _answer(act: Act, promise: Promise) -> None:
    if act.case.has_ended or act.case.paused_at is not None:
        return
    promise.answered(act.case, act.now)
    if act.case.status is CaseStatus.NEW:
        _becomes(act, CaseStatus.OPEN)


def _reply(act: Act, promise: Promise) -> bool:
    """Whether the case is open again because of it."""
    if act.case.has_ended:
        reopen(act, promise)
        return True
    if act.case.status is CaseStatus.PENDING_CUSTOMER:
        _becomes(act, CaseStatus.OPEN)
        promise.resume(act.case, act.now)
    return False


def _becomes(act: Act, status: CaseStatus) -> None:
    before, act.case.status = act.case.status, status
    act.happened(CaseEventKind.STATUS_CHANGED, before.name, status.name)
