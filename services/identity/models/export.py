"""Exports of an account's people, made in the background."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import Capability, ExportFormat, JobState
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.registry import Base


class UserExport(Base, kw_only=True):
    """One file asked for by one person."""

    __tablename__ = "user_exports"
    __table_args__ = (
        Index(None, "account_id", "requested_by_id", "id"),
        Index(None, "state", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    requested_by_id: Mapped[UUID]
    format: Mapped[ExportFormat] = mapped_column(named(ExportFormat))
    locale: Mapped[str] = mapped_column(default="en")
    state: Mapped[JobState] = mapped_column(named(JobState), default=JobState.QUEUED)
    row_count: Mapped[int | None] = mapped_column(default=None)
    object_key: Mapped[str | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever asked for it, for as long as they may export from the account."""
        return (cls.requested_by_id == principal.id) & in_accounts(
            cls.account_id, principal, Capability.REPORT_EXPORT
        )
