"""Who wants which of identity's mails."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.notices.letters import Recipient, spoken
from services.identity.models import NotificationKind, NotificationPreference, User

#: Everybody hears of these, whatever they chose.
ALWAYS_SENT = frozenset({NotificationKind.SECURITY})


def recipient(user: User) -> Recipient:
    """A person, as mail is addressed."""
    return Recipient(user.email, spoken(user.locale))


async def recipients(
    session: AsyncSession, user_ids: Iterable[UUID], kind: NotificationKind
) -> list[Recipient]:
    """Those of the people who want mail of this kind, by their id."""
    wanted = select(User).where(User.id.in_(set(user_ids))).order_by(User.id)
    if kind not in ALWAYS_SENT:
        wanted = wanted.where(
            ~select(NotificationPreference.user_id)
            .where(
                NotificationPreference.user_id == User.id,
                NotificationPreference.kind == kind,
                ~NotificationPreference.mail,
            )
            .exists()
        )
    return [recipient(user) for user in await session.scalars(wanted)]
