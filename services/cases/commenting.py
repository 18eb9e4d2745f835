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
from services.cases.clocks import Promise
from services.cases.errors import InternalRefused, ReadOnly
from services.cases.events import CaseReopened, CommentAdded, NoteAdded
from services.cases.models import (
    Case,
    CaseComment,
    CaseEvent,
    CaseEventKind,
    CaseStatus,
    is_staff,
)
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository


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
    act = _Act(session, case, principal, now)
    if new.internal:
        act.note(comment)
    else:
        act.speak(comment, await repository.promise(case))
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


@dataclass(frozen=True, slots=True)
class _Act:
    """Somebody speaks in a case, at some moment."""

    session: AsyncSession
    case: Case
    principal: Principal
    now: datetime

    def note(self, comment: CaseComment) -> None:
        self.case.updated_at = self.now
        self._happened(CaseEventKind.NOTED, staff_only=True)
        noted = NoteAdded(
            case_id=self.case.id,
            queue=self.case.queue.name,
            comment_id=comment.id,
            author_id=comment.author_id,
        )
        record(self.session, noted)

    def speak(self, comment: CaseComment, promise: Promise) -> None:
        by_staff = is_staff(self.principal)
        self._happened(CaseEventKind.COMMENTED)
        if by_staff:
            self._answer(promise)
        else:
            comment.reopened = self._reply(promise)
        self.case.changed(self.now)
        added = CommentAdded(
            case_id=self.case.id,
            account_id=self.case.account_id,
            queue=self.case.queue.name,
            comment_id=comment.id,
            author_id=comment.author_id,
            by_staff=by_staff,
        )
        record(self.session, added)

    def _answer(self, promise: Promise) -> None:
        if self.case.has_ended or self.case.paused_at is not None:
            return
        promise.answered(self.case, self.now)
        if self.case.status is CaseStatus.NEW:
            self._becomes(CaseStatus.OPEN)

    def _reply(self, promise: Promise) -> bool:
        """Whether the case is open again because of it."""
        if self.case.has_ended:
            self._reopen(promise)
            return True
        if self.case.status is CaseStatus.PENDING_CUSTOMER:
            self._becomes(CaseStatus.OPEN)
            promise.resume(self.case, self.now)
        return False

    def _reopen(self, promise: Promise) -> None:
        before = self.case.status
        self.case.reopen()
        promise.restart(self.case, self.now)
        self._happened(CaseEventKind.REOPENED, before.name, self.case.status.name)
        reopened = CaseReopened(
            case_id=self.case.id, account_id=self.case.account_id, queue=self.case.queue.name
        )
        record(self.session, reopened)

    def _becomes(self, status: CaseStatus) -> None:
        before, self.case.status = self.case.status, status
        self._happened(CaseEventKind.STATUS_CHANGED, before.name, status.name)

    def _happened(
        self,
        kind: CaseEventKind,
        before: str | None = None,
        after: str | None = None,
        *,
        staff_only: bool = False,
    ) -> None:
        self.session.add(
            CaseEvent(
                account_id=self.case.account_id,
                case_id=self.case.id,
                at=self.now,
                actor_id=self.principal.id,
                kind=kind.name,
                before=before,
                after=after,
                staff_only=staff_only,
            )
        )
