"""Resolving a case: an answer has been found, as those say who asked or support."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.commenting import NewComment, add_comment
from services.cases.errors import CaseHasEnded, ReadOnly
from services.cases.models import Case, CaseEvent, CaseEventKind, CaseStatus
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository
from services.cases.statuses import turn


async def resolve_case(
    session: AsyncSession, principal: Principal, case_id: UUID, reason: str | None
) -> None:
    """The case is resolved, its clocks stand, and the reason is its last comment.

    Said again by the same person, it is the same. Raises `NotFound`, `ReadOnly` and
    `CaseHasEnded`.
    """
    repository = WritingRepository(session)
    case = await repository.locked(case_id)
    if not permissions(principal, case, None).owns:
        raise ReadOnly(path=("caseId",))
    if case.has_ended:
        if await _resolved_by(session, case) == principal.id:
            return
        raise CaseHasEnded(path=("caseId",))
    if reason is not None:
        said = NewComment(case_id=case.id, body=reason, internal=False, upload_ids=())
        await add_comment(session, principal, said)
    act = Act(session, case, principal.id, utc_now())
    await turn(act, CaseStatus.RESOLVED)
    act.conclude()
    await repository.looked(case, principal.id, act.now)


async def _resolved_by(session: AsyncSession, case: Case) -> UUID | None:
    """Who has said so last, of a case that is resolved still."""
    if case.status is not CaseStatus.RESOLVED:
        return None
    actor_id: UUID | None = await session.scalar(
        select(CaseEvent.actor_id)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind == CaseEventKind.STATUS_CHANGED.name,
            CaseEvent.after == CaseStatus.RESOLVED.name,
        )
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    return actor_id
