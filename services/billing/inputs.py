"""What clients pass in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from kit.contract import SortDirection
from kit.ids import from_global
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
