"""Payments, what they pay, and the provider's tokens that stand for a way of paying."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import CURRENCY, named, utc_now
from kit.contract import Capability
from kit.database import SystemOnly, in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.registry import Base


class PaymentState(StrEnum):
    """REVERSED is a charge-back: what it paid is owed again."""

    REQUIRES_ACTION = "REQUIRES_ACTION"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"
    REVERSED = "REVERSED"


#: A payment that may still collect: its invoices are not to be paid again.
PENDING: Final = (PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING)


class Payment(Base, kw_only=True):
    """One collection, of one or several invoices of one account and currency, in minor units.

    The row is written, and its invoices claimed, before the provider is asked: `id` is the
    provider's idempotency key, so a crash in between is settled from the provider's own record.
    """

    __tablename__ = "payments"
    __table_args__ = (
        Index(None, "account_id", "created_at", "id"),
        Index(
            "ix_payments_pending",
            "id",
            postgresql_where=text("state IN ('REQUIRES_ACTION', 'PROCESSING')"),
        ),
        UniqueConstraint("provider", "reference"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    #: The payer's account.
    account_id: Mapped[UUID]
    state: Mapped[PaymentState] = mapped_column(
        named(PaymentState), default=PaymentState.PROCESSING
    )
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CURRENCY)
    #: What the payer reads: `Visa •••• 4242`, `Wire transfer`.
    method: Mapped[str]
    #: Null for money received outside the portal.
    provider: Mapped[str | None] = mapped_column(default=None)
    provider_token: Mapped[str | None] = mapped_column(default=None, repr=False)
    #: The provider's own, or what the payer wrote on the transfer.
    reference: Mapped[str | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(default=None)
    next_action_url: Mapped[str | None] = mapped_column(default=None)
    #: What the payer wants once it has succeeded.
    save_method: Mapped[bool] = mapped_column(default=False)
    method_expires_on: Mapped[date | None] = mapped_column(default=None)
    enrol_auto_renew: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_READ)


class Allocation(Base, kw_only=True):
    """The part of a payment that goes to one invoice, in minor units."""

    __tablename__ = "allocations"
    __table_args__ = (
        Index(None, "invoice_id"),
        CheckConstraint("amount > 0", name="positive"),
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    account_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_READ)


class PaymentMethod(Base, kw_only=True):
    """A saved way of paying: the provider's token, never a card number."""

    __tablename__ = "payment_methods"
    __table_args__ = (
        Index(None, "account_id", "created_at"),
        Index(
            "uq_payment_methods_default",
            "account_id",
            unique=True,
            postgresql_where=text('"default" AND removed_at IS NULL'),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    provider: Mapped[str]
    token: Mapped[str] = mapped_column(repr=False)
    label: Mapped[str]
    expires_on: Mapped[date | None] = mapped_column(default=None)
    default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who pays for the account."""
        return in_accounts(cls.account_id, principal, Capability.INVOICE_PAY)


class ProviderMessage(SystemOnly, Base, kw_only=True):
    """A provider's webhook, kept once by the provider's own id for it."""

    __tablename__ = "provider_messages"

    provider: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    handled_at: Mapped[datetime | None] = mapped_column(default=None)
