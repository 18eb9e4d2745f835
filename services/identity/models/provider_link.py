"""Who a person is to the providers they sign in with."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.principal import Principal
from services.identity.models.registry import Base


class ProviderLink(Base, kw_only=True):
    """One person is one subject of one issuer (OpenID Connect Core, section 5.7), for good: another
    subject with the same e-mail address is somebody else."""

    __tablename__ = "provider_links"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    #: `sub`, as the issuer writes it.
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    last_used_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own."""
        return cls.user_id == principal.id
