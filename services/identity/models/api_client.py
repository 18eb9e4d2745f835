"""Machine clients."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, ForeignKey, Index, or_
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import Capability
from kit.database import among
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class ApiClient(Base, kw_only=True):
    """A program that acts in one account, by what its creator may do there: who created it loses
    rights, so does it. Without an account, a dashboard over all of them, which the operator makes.
    """

    __tablename__ = "api_clients"
    __table_args__ = (Index(None, "account_id", "id"), Index(None, "created_by_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    name: Mapped[str]
    scopes: Mapped[list[Capability]] = mapped_column(ARRAY(named(Capability)))
    #: SHA-256 of the secret, which has 256 random bits: a slow hash would add nothing.
    secret_hash: Mapped[bytes] = mapped_column(repr=False)
    #: The secret before it, which is good for a while longer.
    previous_secret_hash: Mapped[bytes | None] = mapped_column(default=None, repr=False)
    previous_secret_until: Mapped[datetime | None] = mapped_column(default=None)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who manages the account's clients; and each client itself."""
        return or_(
            among(cls.account_id, principal.accounts_with(Capability.API_CLIENT_MANAGE)),
            cls.id == principal.id,
        )

    def lives_at(self, now: datetime) -> bool:
        """Whether it may still act."""
        return self.revoked_at is None and now < self.expires_at

    def replace_secret(self, new_hash: bytes, *, now: datetime, grace: timedelta) -> None:
        """The secret of until now is good for `grace` more; one from before it, no longer."""
        self.previous_secret_hash, self.previous_secret_until = self.secret_hash, now + grace
        self.secret_hash = new_hash

    def secrets_at(self, now: datetime) -> tuple[bytes, ...]:
        """The hashes of the secrets that are good now."""
        until, previous = self.previous_secret_until, self.previous_secret_hash
        if previous is None or until is None or until <= now:
            return (self.secret_hash,)
        return (self.secret_hash, previous)
