"""Who hears of what happens in a case, as long as they see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.cases.models import Case, CaseParticipant, NotificationPreference, Person


async def readers(
    session: AsyncSession,
    case: Case,
    choice: InstrumentedAttribute[bool],
    *,
    besides: UUID | None,
    now: datetime,
) -> Sequence[Person]:
    """The requester and those the case is shared with, unless they chose otherwise, lost sight of
    it, or are `besides`: whoever caused what there is to tell."""
    shared = select(CaseParticipant.user_id).where(CaseParticipant.case_id == case.id)
    silent = select(NotificationPreference.user_id).where(
        NotificationPreference.account_id == case.account_id, choice.is_(False)
    )
    rows = await session.scalars(
        select(Person)
        .where((Person.id == case.requester_id) | Person.id.in_(shared), Person.id.not_in(silent))
        .order_by(Person.id)
    )
    others = [person for person in rows.all() if person.id != besides]
    return [person for person in others if await sees(session, person, case.id, now)]


async def sees(session: AsyncSession, person: Person, case_id: UUID, now: datetime) -> bool:
    """Whether the person has the right to see the case."""
    rights = person.rights_at(now)
    if rights is None:
        return False
    found = select(Case.id).where(Case.id == case_id, Case.visible_to(rights))
    return await session.scalar(found) is not None
