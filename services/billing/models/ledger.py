"""The double-entry ledger: every act is a set of entries that sums to nothing per currency."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import CURRENCY, named, utc_now
from kit.contract import Capability
from kit.database import SystemOnly, in_accounts
from kit.ids import new_id
from kit.principal import Principal
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


class LedgerEntry(Base, kw_only=True):
    """One amount of one act, in minor units. Statements are sums of these."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index(None, "account_id", "ledger_account", "currency", "booked_on"),
        Index(None, "act_id"),
        Index(None, "invoice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    act_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_acts.id"))
    #: The payer's account.
    account_id: Mapped[UUID]
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), default=None)
    ledger_account: Mapped[LedgerAccount] = mapped_column(named(LedgerAccount))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CURRENCY)
    #: The day of the act, where the payer is.
    booked_on: Mapped[date]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_READ)
