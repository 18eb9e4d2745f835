"""People, their secrets, and the desks that staff serve."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, or_, select, text, true
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import PrincipalKind
from kit.database import SystemOnly, among
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.account import PartnerRelation
from services.identity.models.membership import Membership
from services.identity.models.registry import Base


class UserState(StrEnum):
    """A suspended person can neither sign in nor go on."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class Desk(StrEnum):
    """A part of the vendor's staff; `capabilities.py` says what each may do."""

    SUPPORT = "SUPPORT"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    LICENSING_OPERATIONS = "LICENSING_OPERATIONS"
    FINANCE = "FINANCE"


class User(Base, kw_only=True):
    """A person: one e-mail address, any number of memberships."""

    __tablename__ = "users"
    __table_args__ = (
        Index(None, "last_name", "first_name", "id"),
        Index(
            "ix_users_announce_at", "announce_at", postgresql_where=text("announce_at IS NOT NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    #: `email_key(email)`.
    email_key: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str | None] = mapped_column(default=None)
    state: Mapped[UserState] = mapped_column(named(UserState), default=UserState.ACTIVE)
    mfa_enabled: Mapped[bool] = mapped_column(default=False)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    #: How often other services were told of the person, and when they must be told again.
    announcements: Mapped[int] = mapped_column(server_default="0", init=False)
    announce_at: Mapped[datetime | None] = mapped_column(server_default=text("now()"), init=False)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Oneself, staff, and whoever is or was a member of an account one reaches, or of one
        of its partners: what they did there keeps their name."""
        if principal.kind is PrincipalKind.STAFF:
            return true()
        # Bare tables: a name shows to people who may not read the list of members.
        members, staff = Membership.__table__, StaffAssignment.__table__
        relations = PartnerRelation.__table__
        partners = select(relations.c.partner_id).where(
            among(relations.c.account_id, principal.accounts)
        )
        return or_(
            cls.id == principal.id,
            cls.id.in_(
                select(members.c.user_id).where(
                    among(members.c.account_id, principal.accounts)
                    | members.c.account_id.in_(partners)
                )
            ),
            cls.id.in_(select(staff.c.user_id)),
        )

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.first_name} {self.last_name}"


class Credential(SystemOnly, Base, kw_only=True):
    """A person's secrets, apart from the person: no caller's session can read this table."""

    __tablename__ = "credentials"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    #: Argon2id in PHC string format; None for people who sign in elsewhere only.
    password_hash: Mapped[str | None] = mapped_column(default=None, repr=False)
    #: The sealed secret of the second factor (RFC 6238), for people who have one.
    totp_secret: Mapped[bytes | None] = mapped_column(default=None, repr=False)
    #: The last time step a code was used in: each code works once.
    totp_step: Mapped[int] = mapped_column(default=0)
    #: One that was begun: it counts once a code of it was given.
    pending_totp_secret: Mapped[bytes | None] = mapped_column(default=None, repr=False)
    pending_since: Mapped[datetime | None] = mapped_column(default=None)
    changed_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


class RecoveryCode(SystemOnly, Base, kw_only=True):
    """Signs its person in once, in place of the second factor."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    #: SHA-256 of the code and its person; the code itself is kept nowhere.
    code_hash: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


class PasswordReset(SystemOnly, Base, kw_only=True):
    """The right to a new password, once, for whoever reads the person's mail."""

    __tablename__ = "password_resets"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    #: SHA-256 of the token; the token itself is in the mail only.
    token_hash: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


class StaffAssignment(SystemOnly, Base, kw_only=True):
    """A member of staff serves a desk, perhaps several."""

    __tablename__ = "staff_assignments"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    desk: Mapped[Desk] = mapped_column(named(Desk), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
