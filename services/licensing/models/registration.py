"""Registrations: what a person typed when they registered an installation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.key import ProductKey
from services.licensing.models.registry import Base


class Registration(Base, kw_only=True):
    """One registration on a key. Nobody edits or checks it, and any of it may be blank."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index(None, "key_id", "at", "id"),
        Index(None, "account_id", "key_id"),
        Index(
            "ix_registrations_trigrams",
            "name",
            "email",
            "company",
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("name", "email", "company"), "gin_trgm_ops"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("product_keys.id"))
    at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    name: Mapped[str | None] = mapped_column(default=None)
    email: Mapped[str | None] = mapped_column(default=None)
    company: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[str | None] = mapped_column(default=None)
    machine: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Readers of activations, for the keys that they see."""
        return in_accounts(cls.account_id, principal, Capability.ACTIVATION_READ) & cls.key_id.in_(
            select(ProductKey.id).correlate(None)
        )
