"""Who belongs to which account, and who has been asked to."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, ForeignKey, Index, Select, Uuid, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import Capability
from kit.database import among, in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class Role(StrEnum):
    """What a member may do in one account; `capabilities.py` says it in capabilities."""

    ADMINISTRATOR = "ADMINISTRATOR"
    LICENSE_ADMINISTRATOR = "LICENSE_ADMINISTRATOR"
    KEY_GROUP_MANAGER = "KEY_GROUP_MANAGER"
    INDIVIDUAL = "INDIVIDUAL"
    DOWNLOAD_ONLY = "DOWNLOAD_ONLY"
    SUPPORT_ONLY = "SUPPORT_ONLY"
    BILLING = "BILLING"
    PARTNER_MANAGER = "PARTNER_MANAGER"
    PARTNER_AGENT = "PARTNER_AGENT"


class MembershipState(StrEnum):
    """REMOVED is kept: what a person did stays under their name."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REMOVED = "REMOVED"


class InvitationState(StrEnum):
    """EXPIRED is never stored: a pending invitation expires by itself."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class Membership(Base, kw_only=True):
    """One person, one account, one role; the same person may hold another role elsewhere."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_account_id_user_id",
            "account_id",
            "user_id",
            unique=True,
            postgresql_where=text("state <> 'REMOVED'"),
        ),
        Index(None, "account_id", "role"),
        Index(None, "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(named(Role))
    case_administrator: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MembershipState] = mapped_column(
        named(MembershipState), default=MembershipState.ACTIVE
    )
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the account's members; and each person their own."""
        return or_(
            in_accounts(cls.account_id, principal, Capability.MEMBER_READ),
            (cls.user_id == principal.id) & among(cls.account_id, principal.accounts),
        )

    @property
    def administers(self) -> bool:
        """Whether it counts as one of the account's administrators."""
        return self.role is Role.ADMINISTRATOR and self.state is MembershipState.ACTIVE


class Invitation(Base, kw_only=True):
    """Asks the holder of an e-mail address to join an account: once, and for some days."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(None, "account_id", "created_at", "id"),
        Index(None, "email_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str]
    email_key: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    role: Mapped[Role] = mapped_column(named(Role))
    case_administrator: Mapped[bool] = mapped_column(default=False)
    #: Licensing's key groups that the new member will manage.
    key_group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default_factory=list)
    #: SHA-256 of the token in the mail; the token itself is kept nowhere.
    token_hash: Mapped[bytes] = mapped_column(unique=True, repr=False)
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), default=None)
    expires_at: Mapped[datetime]
    #: How often it was sent, and when for the last time.
    sends: Mapped[int] = mapped_column(default=1, server_default="1")
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the account's members."""
        return in_accounts(cls.account_id, principal, Capability.MEMBER_READ)

    def state_at(self, now: datetime) -> InvitationState:
        """What has become of it."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.PENDING if now < self.expires_at else InvitationState.EXPIRED


def own_accounts(user_id: UUID) -> Select[Any]:
    """The ids of the accounts a person belongs to: the bare table, for use in row rules."""
    memberships = Membership.__table__
    return select(memberships.c.account_id).where(
        memberships.c.user_id == user_id, memberships.c.state == MembershipState.ACTIVE
    )
