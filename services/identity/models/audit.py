"""What happened in an account, for its administrators to read."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class AuditEvent(Base, kw_only=True):
    """One act, written in its own transaction and never changed."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "account_id", "at", "id"),
        Index(None, "account_id", "action", "at"),
        Index(None, "account_id", "actor_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    #: A person or a machine client; None when nobody asked for it.
    actor_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Noun and verb: `membership.removed`.
    action: Mapped[str]
    #: The global id of what it was done to.
    target: Mapped[str | None] = mapped_column(default=None)
    detail: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the account's audit log."""
        return in_accounts(cls.account_id, principal, Capability.AUDIT_READ)
