"""Seats: bought with keys, by role; given to people in a deployment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.deployment import Deployment
from services.licensing.models.key import ProductKey
from services.licensing.models.registry import Base


class KeySeats(Base, kw_only=True):
    """How many seats of a role a key brings into its deployment."""

    __tablename__ = "key_seats"
    __table_args__ = (
        Index(None, "account_id", "key_id"),
        CheckConstraint("purchased > 0", name="purchased"),
    )

    key_id: Mapped[UUID] = mapped_column(ForeignKey("product_keys.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    purchased: Mapped[int]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its key."""
        return cls.key_id.in_(select(ProductKey.id).correlate(None))


class SeatAssignment(Base, kw_only=True):
    """A person holds a seat of a deployment until `released_at`."""

    __tablename__ = "seat_assignments"
    __table_args__ = (
        Index(None, "account_id", "deployment_id", "role"),
        Index(
            "uq_seat_assignments_deployment_id_role_email_key",
            "deployment_id",
            "role",
            "email_key",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployments.id"))
    role: Mapped[str]
    name: Mapped[str]
    email_key: Mapped[str]
    assigned_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    released_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its deployment."""
        return cls.deployment_id.in_(select(Deployment.id).correlate(None))
