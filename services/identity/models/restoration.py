"""Giving an administrator back to an account that lost its own: asked for and approved by staff."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class RestorationState(StrEnum):
    """EXPIRED is never stored: a pending one expires by itself."""

    PENDING = "PENDING"
    DONE = "DONE"
    EXPIRED = "EXPIRED"


class AdministratorRestoration(Base, kw_only=True):
    """Somebody shall administer an account: a member by their address, else whoever is invited."""

    __tablename__ = "restorations"
    __table_args__ = (
        Index(
            "ix_restorations_pending",
            "account_id",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str]
    email_key: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    reason: Mapped[str]
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """The staff who may ask for one and approve it."""
        return true() if Capability.STAFF_ACCOUNT in principal.everywhere else false()

    def state_at(self, now: datetime) -> RestorationState:
        """What has become of it."""
        if self.done_at is not None:
            return RestorationState.DONE
        return RestorationState.PENDING if now < self.expires_at else RestorationState.EXPIRED


class RestorationApproval(Base, kw_only=True):
    """One member of staff has looked at the request and agrees."""

    __tablename__ = "restoration_approvals"

    restoration_id: Mapped[UUID] = mapped_column(ForeignKey("restorations.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """As the request."""
        return true() if Capability.STAFF_ACCOUNT in principal.everywhere else false()
