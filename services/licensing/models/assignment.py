"""Who had which key assigned: the history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.key import ProductKey
from services.licensing.models.registry import Base


class Assignment(Base, kw_only=True):
    """A key is assigned to somebody, until `ended_at`; installations stay activated."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_key_id",
            "key_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "account_id", "key_id", "assigned_at"),
        Index(None, "account_id", "email_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("product_keys.id"))
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    #: The address as it is compared: see `emails.email_key`.
    email_key: Mapped[str]
    #: The person, where they have access to the portal.
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    portal_access: Mapped[bool] = mapped_column(default=False)
    assigned_by_id: Mapped[UUID | None] = mapped_column(default=None)
    assigned_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its key."""
        return cls.key_id.in_(select(ProductKey.id).correlate(None))
