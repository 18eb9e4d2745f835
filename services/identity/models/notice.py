"""Mails to be sent, and which of them a person wants."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.database import SystemOnly
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class NotificationKind(StrEnum):
    """What a mail is about. Nobody can do without those of SECURITY."""

    SECURITY = "SECURITY"
    MEMBERSHIP = "MEMBERSHIP"
    ADMINISTRATORS = "ADMINISTRATORS"
    PARTNERS = "PARTNERS"


class Notice(SystemOnly, Base, kw_only=True):
    """One mail to one address. No secret is kept here: links are made when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event_id", "email_key", "wording"),
        Index("ix_notices_due", "due_at", postgresql_where=text("done_at IS NULL")),
        Index(None, "created_at"),
    )

    #: The same however often the mail is sent: its Message-ID follows from it.
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    event_id: Mapped[UUID]
    email: Mapped[str]
    email_key: Mapped[str]
    locale: Mapped[str]
    #: The name of what it says, in `Mailing.wordings`.
    wording: Mapped[str]
    params: Mapped[dict[str, str]] = mapped_column(JSONB)
    page: Mapped[str]
    #: What the secret in the link is for and derived from, in links that hold one.
    token_purpose: Mapped[str | None] = mapped_column(default=None)
    token_id: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    due_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    tries: Mapped[int] = mapped_column(default=0)
    #: When it was sent or given up.
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Why it was given up.
    failure: Mapped[str | None] = mapped_column(default=None)


class NotificationPreference(Base, kw_only=True):
    """A person's own choice; where there is none, mail is sent."""

    __tablename__ = "notification_preferences"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[NotificationKind] = mapped_column(named(NotificationKind), primary_key=True)
    mail: Mapped[bool]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own."""
        return cls.user_id == principal.id
