"""Rows of invoices and of what hangs on them."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from portal.seed.billing.calendar import seller_of
from portal.seed.billing.invoice import Collected, Seeded, party
from portal.seed.billing.numbers import seller_id
from portal.seed.copying import Row
from services.billing.models import PENDING, DocumentFormat, PaymentState

#: Where invoices between businesses are exchanged as data too.
_E_INVOICING: Final = ("FR", "DE")

_CONFIRMATION: Final = "https://bank.example.com/confirm/"
_DEBIT: Final = "Direct debit"
_PURCHASE_ORDER_EVERY: Final = 4


def invoice_row(invoice: Seeded) -> Row:
    """The invoice itself."""
    slot, customer, payer = invoice.slot, invoice.customer, invoice.payer
    order = f"PO-{customer.index}-{slot.k:05}" if slot.k % _PURCHASE_ORDER_EVERY == 0 else None
    named = (slot.number, order, payer.name)
    return {
        "id": invoice.id,
        "number": slot.number,
        "legal_entity_id": seller_id(seller_of(customer)),
        "account_id": customer.id,
        "payer_account_id": payer.id,
        "contract_id": invoice.contract_id,
        "kind": invoice.kind,
        "state": invoice.state,
        "currency": invoice.currency,
        "subtotal": invoice.totals.subtotal,
        "tax": invoice.totals.tax,
        "total": invoice.totals.total,
        "amount_paid": invoice.paid,
        "amount_credited": invoice.credited,
        "issued_on": slot.day if invoice.issued else None,
        "planned_on": slot.day,
        "due_on": invoice.due_on,
        "time_zone": payer.region.time_zone,
        "purchase_order": order,
        "bill_to": party(payer),
        "ship_to": party(customer) if payer is not customer else None,
        "content_hash": _digest(invoice, "content") if invoice.issued else None,
        "search_text": " ".join(text for text in named if text is not None),
        "created_at": datetime.combine(slot.day, time(8), UTC) - timedelta(days=30),
        "version": 1,
    }


def line_rows(invoice: Seeded) -> Iterator[Row]:
    """Its lines."""
    starts_on = invoice.slot.day
    for position, line in enumerate(invoice.lines, start=1):
        yield {
            "id": invoice.child("line", position),
            "invoice_id": invoice.id,
            "account_id": invoice.customer.id,
            "position": position,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "amount": line.charge.amount,
            "tax_rate": line.charge.rate,
            "tax_category": line.charge.category,
            "product_key_id": line.product_key_id,
            "period_start": starts_on,
            "period_end": starts_on + timedelta(days=364),
        }


def tax_rows(invoice: Seeded) -> Iterator[Row]:
    """Its taxes."""
    for n, tax in enumerate(invoice.totals.taxes):
        yield {
            "id": invoice.child("tax", n),
            "invoice_id": invoice.id,
            "account_id": invoice.customer.id,
            "name": invoice.customer.region.tax_name,
            "category": tax.category,
            "rate": tax.rate,
            "base": tax.base,
            "amount": tax.amount,
        }


def payment_rows(invoice: Seeded) -> Iterator[Row]:
    """Its payments."""
    for payment in invoice.payments:
        collection = payment.collection
        yield {
            "id": payment.id,
            "account_id": invoice.payer.id,
            "state": payment.state,
            "amount": payment.amount,
            "currency": invoice.currency,
            "method": collection.method,
            "provider": _provider(payment),
            "provider_token": None,
            "reference": f"R{payment.id.hex[-16:].upper()}",
            "failure": collection.failure,
            "next_action_url": _confirmation(payment),
            "save_method": False,
            "method_expires_on": None,
            "enrol_auto_renew": False,
            "created_by_id": None,
            "created_at": payment.at,
            "settled_at": payment.at if payment.state not in PENDING else None,
        }


def _provider(payment: Collected) -> str | None:
    if payment.collection.method == _DEBIT:
        return "bank"
    return "sandbox" if "••••" in payment.collection.method else None


def _confirmation(payment: Collected) -> str | None:
    waits = payment.state is PaymentState.REQUIRES_ACTION
    return f"{_CONFIRMATION}{payment.id}" if waits else None


def allocation_rows(invoice: Seeded) -> Iterator[Row]:
    """What its payments pay."""
    for payment in invoice.payments:
        yield {
            "payment_id": payment.id,
            "invoice_id": invoice.id,
            "account_id": invoice.payer.id,
            "amount": payment.amount,
        }


def document_rows(invoice: Seeded) -> Iterator[Row]:
    """Its copies."""
    formats = [DocumentFormat.PDF]
    if invoice.customer.region.country in _E_INVOICING:
        formats += [DocumentFormat.FACTUR_X, DocumentFormat.UBL]
    for n, format in enumerate(formats if invoice.issued else ()):
        yield {
            "id": invoice.child("document", n),
            "account_id": invoice.payer.id,
            "invoice_id": invoice.id,
            "credit_note_id": None,
            "format": format,
            "sha256": _digest(invoice, format),
            "object_key": f"documents/{invoice.child('document', n)}",
            "issued_on": invoice.slot.day,
            "currency": invoice.currency,
            "created_at": datetime.combine(invoice.slot.day, time(9), UTC),
        }


def credit_row(invoice: Seeded, number: str) -> Row:
    """The credit note on it."""
    day = invoice.credited_on
    return {
        "id": invoice.child("credit"),
        "number": number,
        "invoice_id": invoice.id,
        "account_id": invoice.payer.id,
        "amount": invoice.credited,
        "currency": invoice.currency,
        "reason": "Fewer seats than ordered" if invoice.paid else "Ordered by mistake",
        "issued_on": day,
        "created_at": datetime.combine(day, time(9), UTC),
    }


def _digest(invoice: Seeded, what: str) -> str:
    return hashlib.sha256(f"{what} {invoice.slot.number}".encode()).hexdigest()
