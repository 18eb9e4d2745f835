"""Sessions, the refresh tokens that prolong them, and the keys that sign access tokens."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import SystemOnly
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class Session(Base, kw_only=True):
    """A sign-in that goes on until it ends: of a person, or of a machine client."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(None, "user_id"),
        Index(None, "api_client_id"),
        Index(None, "expires_at"),
        CheckConstraint("num_nonnulls(user_id, api_client_id) = 1", name="one_subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), default=None)
    api_client_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_clients.id"), default=None)
    user_agent: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    last_seen_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own."""
        return cls.user_id == principal.id

    def lives_at(self, now: datetime) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None and now < self.expires_at


class RefreshToken(SystemOnly, Base, kw_only=True):
    """One link in a session's chain: used once, replaced by the next."""

    __tablename__ = "refresh_tokens"

    #: SHA-256 of the token; the token itself is kept nowhere.
    token_hash: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


class SigningKey(SystemOnly, Base, kw_only=True):
    """A key pair under which access tokens are signed; the private half is sealed."""

    __tablename__ = "signing_keys"

    #: The JSON Web Key's `kid`.
    id: Mapped[str] = mapped_column(primary_key=True)
    sealed_private_key: Mapped[bytes] = mapped_column(repr=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


class SignInFailures(SystemOnly, Base, kw_only=True):
    """How often sign-in to one address failed lately, whether or not somebody has it."""

    __tablename__ = "sign_in_failures"

    #: SHA-256 of the address's key: what strangers type is not kept.
    email_hash: Mapped[bytes] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
