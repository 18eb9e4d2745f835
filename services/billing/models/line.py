"""What an invoice is made of: lines, and taxes by category."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Numeric, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.invoice import Invoice
from services.billing.models.registry import Base


class InvoiceLine(Base, kw_only=True):
    """One line. `unit_price` and `amount` are in minor units, before tax."""

    __tablename__ = "invoice_lines"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    account_id: Mapped[UUID]
    position: Mapped[int]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    unit_price: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    #: Percent, `20.00`.
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    #: UNTDID 5305 duty category: S, Z, E, AE, K, G, O.
    tax_category: Mapped[str] = mapped_column(default="S")
    product_key_id: Mapped[UUID | None] = mapped_column(default=None)
    period_start: Mapped[date | None] = mapped_column(default=None)
    period_end: Mapped[date | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its invoice."""
        return cls.invoice_id.in_(select(Invoice.id))


class TaxLine(Base, kw_only=True):
    """Tax of one category: its rounded base times the rate, rounded once (EN 16931 BR-CO-17)."""

    __tablename__ = "tax_lines"
    __table_args__ = (UniqueConstraint("invoice_id", "category", "rate"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    account_id: Mapped[UUID]
    name: Mapped[str]
    category: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    base: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its invoice."""
        return cls.invoice_id.in_(select(Invoice.id))
