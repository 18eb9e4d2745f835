"""What billing announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kit.outbox import Event


@dataclass(frozen=True)
class InvoiceIssued(Event):
    """An invoice has its number, and is owed."""

    topic: ClassVar[str] = "billing.invoice-issued"

    invoice_id: UUID
    #: The payer's.
    account_id: UUID
    number: str


@dataclass(frozen=True)
class PaymentChanged(Event):
    """A payment began, or is in another state than it was."""

    topic: ClassVar[str] = "billing.payment-changed"

    payment_id: UUID
    #: The payer's.
    account_id: UUID
    state: str
