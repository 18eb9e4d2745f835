"""Mails to be sent, and which of them a person wants."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.notices.row import NoticeRow
from kit.principal import Principal
from services.identity.models.registry import Base


class NotificationKind(StrEnum):
    """What a mail is about. Nobody can do without those of SECURITY."""

    SECURITY = "SECURITY"
    MEMBERSHIP = "MEMBERSHIP"
    ADMINISTRATORS = "ADMINISTRATORS"
    PARTNERS = "PARTNERS"


class Notice(NoticeRow, Base, kw_only=True):
    """A mail of identity's."""

    __tablename__ = "notices"


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
