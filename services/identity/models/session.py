"""Sessions, the refresh tokens that prolong them, and the keys that sign access tokens."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import Capability
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
    #: A machine client's session may have less than the client; None for all that it has.
    scopes: Mapped[list[Capability] | None] = mapped_column(ARRAY(named(Capability)), default=None)
    user_agent: Mapped[str | None] = mapped_column(default=None)
    #: The client's address when it was last prolonged.
    address: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    last_seen_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    #: The end, however much the session is used, and the one when it is not.
    expires_at: Mapped[datetime]
    idle_until: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Until then the person has proved lately that it is them.
    proven_until: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own."""
        return cls.user_id == principal.id

    def lives_at(self, now: datetime) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None and now < self.end

    @classmethod
    def lasts_beyond(cls, now: datetime) -> ColumnElement[bool]:
        """Whether time has not ended it by then."""
        return func.least(cls.expires_at, cls.idle_until) > now

    @property
    def end(self) -> datetime:
        """When it is over by itself."""
        return min(self.expires_at, self.idle_until or self.expires_at)


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
