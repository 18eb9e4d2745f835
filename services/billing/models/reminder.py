"""Reminders that were sent, so that none is sent twice."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.database import SystemOnly
from kit.ids import new_id
from services.billing.models.registry import Base


class ReminderKind(StrEnum):
    """Renewal notices before a contract ends, dunning after an invoice was due."""

    RENEWAL_90_DAYS = "RENEWAL_90_DAYS"
    RENEWAL_60_DAYS = "RENEWAL_60_DAYS"
    RENEWAL_30_DAYS = "RENEWAL_30_DAYS"
    DUE_SOON = "DUE_SOON"
    OVERDUE_FIRST = "OVERDUE_FIRST"
    OVERDUE_SECOND = "OVERDUE_SECOND"
    OVERDUE_FINAL = "OVERDUE_FINAL"


class Reminder(SystemOnly, Base, kw_only=True):
    """One reminder about one invoice or contract."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("invoice_id", "kind"),
        UniqueConstraint("contract_id", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), default=None)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"), default=None)
    kind: Mapped[ReminderKind] = mapped_column(named(ReminderKind))
    sent_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
