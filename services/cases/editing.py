"""Editing a case: its words, its product version and its impact."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act, require_version
from services.cases.errors import CaseIsClosed, ReadOnly
from services.cases.events import CaseEdited
from services.cases.models import Case, CaseEventKind, CaseImpact, CaseStatus
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be different, in texts that have been checked; None stays as it is. An empty
    product version takes it away."""

    case_id: UUID
    expected_version: int
    subject: str | None = None
    description: str | None = None
    impact: CaseImpact | None = None
    product_version: str | None = None


async def edit_case(session: AsyncSession, principal: Principal, edit: Edit) -> None:
    """The case in other words. An edit that changes nothing leaves no trace.

    Raises `NotFound`, `ReadOnly`, `CaseIsClosed` and `VersionConflict`.
    """
    repository = WritingRepository(session)
    case = await repository.locked(edit.case_id)
    now = utc_now()
    if not permissions(principal, case, None).owns:
        raise ReadOnly(path=("caseId",))
    if case.status is CaseStatus.CLOSED:
        raise CaseIsClosed(path=("caseId",))
    require_version(case, principal, edit.expected_version)
    act = Act(session, case, principal.id, now)
    edited = _edit_words(act, edit)
    if edit.impact is not None and edit.impact is not case.impact:
        before, case.impact = case.impact, edit.impact
        (await repository.promise(case)).replace(case, now)
        act.happened(CaseEventKind.IMPACT_CHANGED, before.name, case.impact.name)
        edited = True
    if edited:
        act.conclude()
        record(session, _event(case, principal))
        await repository.looked(case, principal.id, now)


def _edit_words(act: Act, edit: Edit) -> bool:
    """Whether any is different. The history names what was edited, not the words."""
    case = act.case
    wanted = {
        "subject": (case.subject, edit.subject),
        "description": (case.description, edit.description),
        "productVersion": (case.product_version or "", edit.product_version),
    }
    different = {name: new for name, (old, new) in wanted.items() if new is not None and new != old}
    for name in different:
        act.happened(CaseEventKind.EDITED, after=name)
    case.subject = different.get("subject", case.subject)
    case.description = different.get("description", case.description)
    if "productVersion" in different:
        case.product_version = different["productVersion"] or None
    return bool(different)


def _event(case: Case, principal: Principal) -> CaseEdited:
    return CaseEdited(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        editor_id=principal.id,
    )
