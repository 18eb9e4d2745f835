"""Credit notes, and the copies of invoices and credit notes."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import CURRENCY, named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.registry import Base


class DocumentFormat(StrEnum):
    """PDF to print, Factur-X (PDF/A-3 with XML) or UBL."""

    PDF = "PDF"
    FACTUR_X = "FACTUR_X"
    UBL = "UBL"


class CreditNote(Base, kw_only=True):
    """Takes back part of an issued invoice, in minor units of its currency."""

    __tablename__ = "credit_notes"
    __table_args__ = (
        Index(None, "invoice_id"),
        Index(None, "account_id", "issued_on"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    #: The payer's account.
    account_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CURRENCY)
    reason: Mapped[str | None] = mapped_column(default=None)
    issued_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_READ)


class Document(Base, kw_only=True):
    """A copy of an invoice or credit note. Its bytes, in the object store, never change."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "uq_documents_subject",
            "invoice_id",
            "credit_note_id",
            "format",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "credit_note_id"),
        Index(None, "account_id", "issued_on"),
        CheckConstraint("num_nonnulls(invoice_id, credit_note_id) = 1", name="one_subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    #: The payer's account.
    account_id: Mapped[UUID]
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), default=None)
    credit_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_notes.id"), default=None)
    format: Mapped[DocumentFormat] = mapped_column(named(DocumentFormat))
    #: Hex.
    sha256: Mapped[str]
    object_key: Mapped[str]
    #: Day and currency of what it is a copy of: statements list copies by these.
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(CURRENCY)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_READ)
