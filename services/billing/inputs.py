"""What clients pass in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from kit.contract import SortDirection
from kit.ids import from_global
from services.billing.collection.claim import PaymentOrder
from services.billing.models import InvoiceKind, InvoiceState
from services.billing.repository.invoices import (
    InvoiceCriteria,
    InvoiceOrderField,
    InvoiceQuery,
    InvoiceView,
)


@strawberry.input
class InvoiceFilter:
    """Invoices that match all that is given."""

    state: list[InvoiceState] | None = None
    kind: InvoiceKind | None = None
    issued_after: date | None = None
    due_before: date | None = None
    currency: str | None = None
    search: str | None = None


@strawberry.input
class InvoiceOrder:
    """The order of a list of invoices."""

    field: InvoiceOrderField
    direction: SortDirection = SortDirection.DESC


@strawberry.input
class MoneyInput:
    """An exact amount and the currency that it is in."""

    amount: Decimal
    currency: str


@strawberry.input
class PayInvoicesInput:
    """`expected` is what the payer saw: a different balance is refused instead of charged.

    `payment_method_id` is a saved way of paying, or the token of a new one from the provider.
    """

    invoice_ids: list[strawberry.ID]
    expected: MoneyInput
    payment_method_id: strawberry.ID
    idempotency_key: strawberry.ID
    save_payment_method: bool | None = False
    enrol_auto_renew: bool | None = False


def payment_order(input: PayInvoicesInput) -> PaymentOrder:
    """The input as the collector takes it."""
    method = input.payment_method_id
    return PaymentOrder(
        invoice_ids=tuple(from_global("inv", id) for id in input.invoice_ids),
        amount=input.expected.amount,
        currency=input.expected.currency,
        method=from_global("pm", method) or str(method),
        save_method=bool(input.save_payment_method),
        enrol_auto_renew=bool(input.enrol_auto_renew),
    )


def invoice_query(
    view: InvoiceView | None, filter: InvoiceFilter | None, order: InvoiceOrder | None
) -> InvoiceQuery:
    """The choices as the repository takes them."""
    order = order or InvoiceOrder(field=InvoiceOrderField.ISSUED_ON)
    return InvoiceQuery(
        view or InvoiceView.CURRENT, _criteria(filter), order.field, order.direction
    )


def _criteria(filter: InvoiceFilter | None) -> InvoiceCriteria:
    if filter is None:
        return InvoiceCriteria()
    return InvoiceCriteria(
        states=tuple(filter.state) if filter.state is not None else None,
        kind=filter.kind,
        issued_after=filter.issued_after,
        due_before=filter.due_before,
        currency=filter.currency,
        search=filter.search,
    )


def ids_of_accounts(ids: Sequence[str] | None) -> tuple[UUID, ...] | None:
    """The accounts that a list is limited to. Ids that name nothing match nothing."""
    if ids is None:
        return None
    found = (from_global("acc", id) for id in ids)
    return tuple(id for id in found if id is not None)
