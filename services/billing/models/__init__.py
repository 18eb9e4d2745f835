"""Billing's tables: one module per noun, all of them named here."""

from services.billing.models.contract import Contract
from services.billing.models.document import CreditNote, Document, DocumentFormat
from services.billing.models.export import InvoiceExport
from services.billing.models.invoice import (
    OWING,
    Invoice,
    InvoiceKind,
    InvoiceState,
    Party,
    is_overdue,
    local_date,
)
from services.billing.models.issuer import LegalEntity, NumberSeries, Series
from services.billing.models.ledger import Act, LedgerAccount, LedgerAct, LedgerEntry
from services.billing.models.line import InvoiceLine, TaxLine
from services.billing.models.payment import (
    PENDING,
    Allocation,
    Payment,
    PaymentMethod,
    PaymentState,
    ProviderMessage,
)
from services.billing.models.registry import Base
from services.billing.models.reminder import Reminder, ReminderKind

__all__ = [
    "OWING",
    "PENDING",
    "Act",
    "Allocation",
    "Base",
    "Contract",
    "CreditNote",
    "Document",
    "DocumentFormat",
    "Invoice",
    "InvoiceExport",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceState",
    "LedgerAccount",
    "LedgerAct",
    "LedgerEntry",
    "LegalEntity",
    "NumberSeries",
    "Party",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "ProviderMessage",
    "Reminder",
    "ReminderKind",
    "Series",
    "TaxLine",
    "is_overdue",
    "local_date",
]
