"""Opening a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.contract import Capability
from kit.errors import Forbidden, NotFound
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.errors import WrongQueue
from services.cases.events import CaseCreated
from services.cases.models import Case, CaseEventKind, CaseImpact, CaseQueue, CaseStatus
from services.cases.repository.writing import WritingRepository
from services.cases.uploads.finishing import announce_file


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is asked for, in texts that have been checked."""

    account_id: UUID
    queue: CaseQueue
    subject: str
    description: str
    impact: CaseImpact
    type: str | None
    type_detail: str | None
    product_version: str | None
    product_key_id: UUID | None
    deployment_id: UUID | None
    invoice_id: UUID | None
    upload_ids: Sequence[UUID] = ()


async def open_case(session: AsyncSession, principal: Principal, new: NewCase) -> Case:
    """A new case of the caller's, numbered, announced, its first clock running, with the files
    that were brought for it.

    Raises `NotFound` where the caller has no rights in the account, or for files that have not
    arrived there, `Forbidden` where not this one, and `WrongQueue`.
    """
    _require_right(principal, new.account_id, new.queue)
    repository, now = WritingRepository(session), utc_now()
    case = _case(new, await repository.next_number(), principal.id, now)
    (await repository.promise(case)).start(case, now)
    session.add(case)
    await session.flush()
    act = Act(session, case, principal.id, now)
    act.happened(CaseEventKind.CREATED, after=CaseStatus.NEW.name)
    await repository.looked(case, principal.id, now)
    created = CaseCreated(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        requester_id=case.requester_id,
    )
    record(session, created)
    for file in await repository.arrived_files(case, principal.id, new.upload_ids, waiting=True):
        file.case_id = case.id
        await announce_file(session, file)
    return case


def _require_right(principal: Principal, account_id: UUID, queue: CaseQueue) -> None:
    if principal.holds(Capability.CASE_CREATE, account_id):
        return
    if principal.holds(Capability.CASE_CREATE_SERVICE, account_id):
        if queue is not CaseQueue.CUSTOMER_SERVICE:
            raise WrongQueue(path=("queue",))
        return
    if account_id in principal.accounts:
        raise Forbidden(path=("accountId",))
    raise NotFound(path=("accountId",))


def _case(new: NewCase, number: str, requester_id: UUID, now: datetime) -> Case:
    return Case(
        number=number,
        account_id=new.account_id,
        requester_id=requester_id,
        queue=new.queue,
        impact=new.impact,
        subject=new.subject,
        description=new.description,
        type=new.type,
        type_detail=new.type_detail,
        product_version=new.product_version,
        product_key_id=new.product_key_id,
        deployment_id=new.deployment_id,
        invoice_id=new.invoice_id,
        created_at=now,
        updated_at=now,
        customer_updated_at=now,
    )
