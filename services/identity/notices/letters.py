"""What a mail says and to whom, before it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.messages import LOCALES
from services.identity.models import NotificationKind, NotificationPreference, User

#: Everybody hears of these, whatever they chose.
ALWAYS_SENT = frozenset({NotificationKind.SECURITY})


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences marked with `N_`; `{named}` gaps are filled from the letter's `params`.

    `action` is said before the link.
    """

    subject: str
    paragraphs: Sequence[str]
    action: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the portal. A token goes into the fragment, which no server and no log sees."""

    page: str = "/"
    token_purpose: str | None = None
    token_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the language of whoever reads there."""

    email: str
    locale: str

    @classmethod
    def of(cls, user: User) -> Self:
        """A person."""
        return cls(user.email, spoken(user.locale))


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `wording` is a name in `Mailing.wordings`; the same event, address and wording
    make one mail, however often the event arrives."""

    to: Recipient
    wording: str
    params: Mapping[str, str] = field(default_factory=dict)
    link: Link = Link()


def spoken(locale: str | None) -> str:
    """The language to write in for somebody who chose this one, or none."""
    return locale if locale in LOCALES else LOCALES[0]


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
    return [Recipient.of(user) for user in await session.scalars(wanted)]
