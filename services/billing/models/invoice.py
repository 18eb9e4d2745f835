"""Invoices, their lines and taxes, and the parties as they were when it was issued."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    and_,
    case,
    cast,
    func,
    literal,
    text,
)
from sqlalchemy import Date as SqlDate
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import CURRENCY, named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.registry import Base


class InvoiceState(StrEnum):
    """DRAFT is not issued yet; PROCESSING is being paid; VOID and UNCOLLECTIBLE owe nothing."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    PROCESSING = "PROCESSING"
    PAID = "PAID"
    VOID = "VOID"
    UNCOLLECTIBLE = "UNCOLLECTIBLE"


class InvoiceKind(StrEnum):
    """What is invoiced."""

    NEW_PURCHASE = "NEW_PURCHASE"
    RENEWAL = "RENEWAL"
    MAINTENANCE = "MAINTENANCE"
    ADJUSTMENT = "ADJUSTMENT"


#: States in which money is owed.
OWING: Final = (InvoiceState.OPEN, InvoiceState.PROCESSING)

#: No place on earth is further ahead of UTC.
_FURTHEST_AHEAD: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Party:
    """Name and address as printed. `country` is ISO 3166-1 alpha-2."""

    company: str
    lines: tuple[str, ...]
    country: str
    vat_number: str | None = None

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Party":
        """From the JSON that the invoice keeps."""
        return cls(
            company=document["company"],
            lines=tuple(document["lines"]),
            country=document["country"],
            vat_number=document.get("vat_number"),
        )


class Invoice(Base, kw_only=True):
    """One invoice. Once issued, only its payments, credits and state move.

    `account_id` is whom it is for, `payer_account_id` who is billed: the partner of record where
    the partner buys. Amounts are in minor units of `currency`. `time_zone` is the payer's: the
    invoice is overdue from the local midnight after `due_on`.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        Index(None, "payer_account_id", "state", "due_on"),
        Index(None, "payer_account_id", "listed_on", "id"),
        Index(None, "listed_on", "id"),
        Index(None, "contract_id"),
        Index(
            "ix_invoices_owing",
            "payer_account_id",
            "currency",
            postgresql_where=text("state IN ('OPEN', 'PROCESSING')"),
        ),
        Index(
            "ix_invoices_search_trigrams",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        CheckConstraint("total = subtotal + tax", name="total"),
        CheckConstraint(
            "amount_paid >= 0 AND amount_credited >= 0"
            " AND (total < 0 OR amount_paid + amount_credited <= total)",
            name="not_overpaid",
        ),
        CheckConstraint("(state = 'DRAFT') = (number IS NULL)", name="numbered_when_issued"),
        CheckConstraint("(state = 'DRAFT') = (issued_on IS NULL)", name="dated_when_issued"),
        CheckConstraint("issued_on IS NOT NULL OR planned_on IS NOT NULL", name="has_a_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str | None] = mapped_column(unique=True, default=None)
    legal_entity_id: Mapped[UUID] = mapped_column(ForeignKey("legal_entities.id"))
    account_id: Mapped[UUID]
    payer_account_id: Mapped[UUID]
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"), default=None)
    kind: Mapped[InvoiceKind] = mapped_column(named(InvoiceKind))
    state: Mapped[InvoiceState] = mapped_column(named(InvoiceState), default=InvoiceState.DRAFT)
    currency: Mapped[str] = mapped_column(CURRENCY)
    subtotal: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    amount_paid: Mapped[int] = mapped_column(BigInteger, default=0)
    amount_credited: Mapped[int] = mapped_column(BigInteger, default=0)
    issued_on: Mapped[date | None] = mapped_column(default=None)
    #: For a draft, the day on which it will be issued.
    planned_on: Mapped[date | None] = mapped_column(default=None)
    #: The day by which lists are sorted: drafts stand where they will be.
    listed_on: Mapped[date] = mapped_column(
        Computed("COALESCE(issued_on, planned_on)", persisted=True), init=False, repr=False
    )
    due_on: Mapped[date | None] = mapped_column(default=None)
    time_zone: Mapped[str] = mapped_column(default="UTC")
    purchase_order: Mapped[str | None] = mapped_column(default=None)
    bill_to: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ship_to: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    #: SHA-256 of what was issued; null while it is a draft.
    content_hash: Mapped[str | None] = mapped_column(default=None)
    #: Number, purchase order and company in one, for search by any part.
    search_text: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the invoices of the account that is billed."""
        return in_accounts(cls.payer_account_id, principal, Capability.INVOICE_READ)

    @hybrid_property
    def amount_due(self) -> int:
        """What is still to be paid, in minor units; nothing once void or written off."""
        if self.state not in OWING:
            return 0
        return self.total - self.amount_paid - self.amount_credited

    @amount_due.inplace.expression
    @classmethod
    def _amount_due(cls) -> ColumnElement[int]:
        owed = cls.total - cls.amount_paid - cls.amount_credited
        return case((cls.state.in_(OWING), owed), else_=0)

    @property
    def payable(self) -> bool:
        """Whether it can be paid now: nobody is paying it already."""
        return self.state is InvoiceState.OPEN and self.amount_due > 0

    def claim(self) -> None:
        """Somebody pays it now: nobody else may."""
        self.state = InvoiceState.PROCESSING
        self.version += 1

    def release(self) -> None:
        """The payment is over, however it went."""
        if self.state is InvoiceState.PROCESSING:
            self.state = InvoiceState.OPEN
        self.version += 1

    def receive(self, amount: int) -> None:
        """Money has arrived: with the last of it the invoice is paid."""
        self.amount_paid += amount
        if self.state is InvoiceState.OPEN and self.amount_due == 0:
            self.state = InvoiceState.PAID

    def overdue_at(self, now: datetime) -> bool:
        """Whether its due date has passed where the payer is."""
        if self.state not in OWING or self.due_on is None:
            return False
        return now.astimezone(ZoneInfo(self.time_zone)).date() > self.due_on


def local_date(now: datetime) -> ColumnElement[date]:
    """Today where each invoice's payer is."""
    moment = literal(now, DateTime(timezone=True))
    return cast(func.timezone(Invoice.time_zone, moment), SqlDate)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """`overdue_at` as a condition."""
    # The second condition follows from the third, and an index knows it.
    latest = (now.astimezone(UTC) + _FURTHEST_AHEAD).date()
    return and_(Invoice.state.in_(OWING), Invoice.due_on < latest, Invoice.due_on < local_date(now))
