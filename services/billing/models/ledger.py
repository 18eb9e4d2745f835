"""The double-entry ledger: every act is a set of entries that sums to nothing per currency."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import CURRENCY, named, utc_now
from kit.database import SystemOnly
from kit.ids import new_id
from services.billing.models.registry import Base


class LedgerAccount(StrEnum):
    """What an amount is. A debit is positive, a credit negative."""

    RECEIVABLE = "RECEIVABLE"
    REVENUE = "REVENUE"
    TAX_PAYABLE = "TAX_PAYABLE"
    CASH = "CASH"
    BAD_DEBT = "BAD_DEBT"


class Act(StrEnum):
    """Why entries were written."""

    INVOICE_ISSUED = "INVOICE_ISSUED"
    INVOICE_VOIDED = "INVOICE_VOIDED"
    INVOICE_WRITTEN_OFF = "INVOICE_WRITTEN_OFF"
    PAYMENT_SETTLED = "PAYMENT_SETTLED"
    PAYMENT_REFUNDED = "PAYMENT_REFUNDED"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    CREDIT_ISSUED = "CREDIT_ISSUED"


class LedgerAct(SystemOnly, Base, kw_only=True):
    """One act: once per subject, so a repeated event books nothing."""

    __tablename__ = "ledger_acts"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    kind: Mapped[Act] = mapped_column(named(Act))
    #: The invoice, payment or credit note.
    subject_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(default_factory=utc_now)


class LedgerEntry(SystemOnly, Base, kw_only=True):
    """One amount of one act, in minor units."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index(None, "account_id", "ledger_account", "currency"),
        Index(None, "act_id"),
        Index(None, "invoice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    act_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_acts.id"))
    account_id: Mapped[UUID]
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), default=None)
    ledger_account: Mapped[LedgerAccount] = mapped_column(named(LedgerAccount))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CURRENCY)
