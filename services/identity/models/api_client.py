"""Machine clients."""

from datetime import UTC, datetime
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
    """A program that acts in one account; without an account, a dashboard over all of them."""

    __tablename__ = "api_clients"
    __table_args__ = (Index(None, "account_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    name: Mapped[str]
    scopes: Mapped[list[Capability]] = mapped_column(ARRAY(named(Capability)))
    #: SHA-256 of the secret, which has 256 random bits: a slow hash would add nothing.
    secret_hash: Mapped[bytes] = mapped_column(repr=False)
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
