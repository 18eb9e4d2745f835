"""Triage: the staff says who deals with a case, how severe it is and how it stands.

Customers notice another assignee, another queue and, unless it reads the same to them, another
status. The severity is the staff's own.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.errors import Forbidden, NotFound
from kit.ids import to_global
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act, require_version
from services.cases.errors import InvalidSeverity
from services.cases.events import CaseHandled, CaseTriaged
from services.cases.models import CaseEventKind, CaseQueue, CaseStatus, is_staff
from services.cases.people import serves
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository
from services.cases.statuses import turn

T = TypeVar("T")

_MILDEST: Final = 4
_PERSON: Final = "user"


@dataclass(frozen=True, slots=True)
class To(Generic[T]):
    """The value that something is to have, which may be none."""

    value: T | None


@dataclass(frozen=True, slots=True)
class Triage:
    """What is to be different; None stays as it is."""

    case_id: UUID
    expected_version: int
    assignee_id: To[UUID] | None = None
    queue: CaseQueue | None = None
    severity: To[int] | None = None
    status: CaseStatus | None = None


async def triage_case(session: AsyncSession, principal: Principal, triage: Triage) -> None:
    """The case as the staff sorts it. Who does not serve its new queue deals with it no more.

    Raises `NotFound`, for an assignee who does not serve the queue too, `Forbidden`,
    `VersionConflict`, `InvalidSeverity` and `WrongStatus`.
    """
    repository = WritingRepository(session)
    case = await repository.locked(triage.case_id)
    now = utc_now()
    if not is_staff(principal) or not permissions(principal, case, None).owns:
        raise Forbidden(path=("caseId",))
    require_version(case, principal, triage.expected_version)
    act = Act(session, case, principal.id, now)
    if triage.status is not None:
        await turn(act, triage.status)
    _judge(act, triage.severity)
    await _assign(act, triage)
    act.conclude()
    await repository.looked(case, principal.id, now)


def _judge(act: Act, severity: To[int] | None) -> None:
    case = act.case
    if severity is None or severity.value == case.severity:
        return
    before, case.severity = case.severity, _checked(severity.value)
    act.happened(
        CaseEventKind.SEVERITY_CHANGED, _written(before), _written(case.severity), staff_only=True
    )
    record(act.session, CaseHandled(case_id=case.id, queue=case.queue.name))


def _checked(severity: int | None) -> int | None:
    if severity is not None and not 1 <= severity <= _MILDEST:
        raise InvalidSeverity(path=("severity",))
    return severity


def _written(severity: int | None) -> str | None:
    return str(severity) if severity is not None else None


async def _assign(act: Act, triage: Triage) -> None:
    case = act.case
    left, case.queue = case.queue, triage.queue or case.queue
    was, case.assignee_id = case.assignee_id, await _assignee(act, triage)
    if case.queue is not left:
        act.happened(CaseEventKind.QUEUE_CHANGED, left.name, case.queue.name)
    if case.assignee_id != was:
        act.happened(CaseEventKind.ASSIGNED, _named(was), _named(case.assignee_id))
    if case.queue is left and case.assignee_id == was:
        return
    triaged = CaseTriaged(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        assignee_id=case.assignee_id,
    )
    record(act.session, triaged)


async def _assignee(act: Act, triage: Triage) -> UUID | None:
    """Who deals with the case in the queue that it is in now. Raises `NotFound`."""
    case, asked = act.case, triage.assignee_id
    id = asked.value if asked is not None else case.assignee_id
    stays = asked is None and triage.queue is None
    if id is None or stays or await serves(act.session, id, case.queue):
        return id
    if asked is not None:
        raise NotFound(path=("assigneeId",))
    return None


def _named(id: UUID | None) -> str | None:
    return to_global(_PERSON, id) if id is not None else None
