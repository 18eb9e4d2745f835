"""From one status to the next: where a case can go, and what its clocks do then."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from kit.outbox import record
from services.cases.acting import Act
from services.cases.clocks import Promise, pause, stop
from services.cases.errors import WrongStatus
from services.cases.events import CaseHandled, CaseReopened, StatusChanged
from services.cases.models import ENDED, CaseEventKind, CaseStatus
from services.cases.repository.query import Reader
from services.cases.repository.writing import WritingRepository

_AT_WORK: Final = frozenset({CaseStatus.OPEN, CaseStatus.PENDING_CUSTOMER, CaseStatus.ON_HOLD})
_NEXT: Final[Mapping[CaseStatus, frozenset[CaseStatus]]] = {
    CaseStatus.NEW: _AT_WORK.union(ENDED),
    CaseStatus.OPEN: _AT_WORK.union(ENDED),
    CaseStatus.PENDING_CUSTOMER: _AT_WORK.union(ENDED),
    CaseStatus.ON_HOLD: _AT_WORK.union(ENDED),
    CaseStatus.RESOLVED: frozenset({CaseStatus.OPEN, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.OPEN}),
}

_CUSTOMERS: Final = Reader(UUID(int=0), is_staff=False)


async def turn(act: Act, status: CaseStatus) -> None:
    """The case gets this status, if it has another. Raises `WrongStatus`."""
    case, before = act.case, act.case.status
    if status is before:
        return
    if status not in _NEXT[before]:
        raise WrongStatus(path=("status",), before=before.name, after=status.name)
    if before in ENDED and status is CaseStatus.OPEN:
        reopen(act, await WritingRepository(act.session).promise(case))
        return
    match status:
        case CaseStatus.RESOLVED:
            case.resolve(act.now)
            stop(case)
        case CaseStatus.CLOSED:
            case.close(act.now)
            stop(case)
        case CaseStatus.PENDING_CUSTOMER:
            case.status = status
            pause(case, act.now)
        case _:
            case.status = status
            (await WritingRepository(act.session).promise(case)).resume(case, act.now)
    _announce(act, before)


def reopen(act: Act, promise: Promise) -> None:
    """Work on a case that had ended goes on, and a word is due."""
    case, before = act.case, act.case.status
    case.reopen()
    promise.restart(case, act.now)
    act.happened(CaseEventKind.REOPENED, before.name, case.status.name)
    reopened = CaseReopened(case_id=case.id, account_id=case.account_id, queue=case.queue.name)
    record(act.session, reopened)


def _announce(act: Act, before: CaseStatus) -> None:
    case = act.case
    was, now_is = _CUSTOMERS.reads(before), _CUSTOMERS.reads(case.status)
    hidden = was is now_is
    act.happened(CaseEventKind.STATUS_CHANGED, before.name, case.status.name, staff_only=hidden)
    if hidden:
        record(act.session, CaseHandled(case_id=case.id, queue=case.queue.name))
        return
    changed = StatusChanged(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        actor_id=act.actor_id,
        before=was.name,
        after=now_is.name,
    )
    record(act.session, changed)
