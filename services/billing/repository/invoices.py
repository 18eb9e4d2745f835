"""Lists of invoices: views, filters, orders and search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import SortDirection
from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.billing.models import (
    OWING,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    is_overdue,
)

_LINES: Final = Keyset((OrderBy(InvoiceLine.position), OrderBy(InvoiceLine.id)))

#: Nothing remains to be done about these.
_PAST: Final = (InvoiceState.PAID, InvoiceState.VOID, InvoiceState.UNCOLLECTIBLE)

_RENEWING: Final = (InvoiceKind.RENEWAL, InvoiceKind.MAINTENANCE)


class InvoiceView(StrEnum):
    """CURRENT and PAST share ALL between them; the others are parts of CURRENT."""

    CURRENT = "CURRENT"
    UPCOMING = "UPCOMING"
    UNPAID = "UNPAID"
    OVERDUE = "OVERDUE"
    PAST = "PAST"
    UP_FOR_RENEWAL = "UP_FOR_RENEWAL"
    ALL = "ALL"


class InvoiceOrderField(StrEnum):
    """What a list of invoices is sorted by. Amounts are compared within a currency only."""

    ISSUED_ON = "ISSUED_ON"
    DUE_ON = "DUE_ON"
    AMOUNT_DUE = "AMOUNT_DUE"
    NUMBER = "NUMBER"
    STATE = "STATE"


@dataclass(frozen=True, slots=True)
class InvoiceCriteria:
    """What an invoice must match. `search` looks at number, purchase order and company."""

    states: tuple[InvoiceState, ...] | None = None
    kind: InvoiceKind | None = None
    issued_after: date | None = None
    due_before: date | None = None
    currency: str | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceQuery:
    """Which invoices, and in which order."""

    view: InvoiceView = InvoiceView.CURRENT
    criteria: InvoiceCriteria = InvoiceCriteria()
    order: InvoiceOrderField = InvoiceOrderField.ISSUED_ON
    direction: SortDirection = SortDirection.DESC


@dataclass(frozen=True, slots=True)
class InvoiceRepository:
    """Lists on one session, as of `now`."""

    session: AsyncSession
    paginator: Paginator
    now: datetime

    async def page(self, query: InvoiceQuery, request: PageRequest) -> Page[Invoice]:
        """A page of all invoices that the caller sees. Raises `InvalidCursor`."""
        rows = _invoices(query, self.now)
        return await self.paginator.page(self.session, rows, _keyset(query), request)

    async def count(self, query: InvoiceQuery) -> int:
        """How many there are in all."""
        rows = _invoices(query, self.now).with_only_columns(func.count(Invoice.id))
        return (await self.session.scalars(rows)).one()

    async def pages_of(
        self, payer_ids: Sequence[UUID], query: InvoiceQuery, request: PageRequest
    ) -> Mapping[UUID, Page[Invoice]]:
        """The same page of what is billed to each account. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            Invoice.payer_account_id,
            payer_ids,
            self.session,
            _invoices(query, self.now),
            _keyset(query),
            request,
        )

    async def counts_of(self, payer_ids: Sequence[UUID], query: InvoiceQuery) -> Mapping[UUID, int]:
        """How many invoices are billed to each account in all."""
        rows = _invoices(query, self.now).where(among(Invoice.payer_account_id, payer_ids))
        counted = rows.with_only_columns(Invoice.payer_account_id, func.count())
        found = await self.session.execute(counted.group_by(Invoice.payer_account_id))
        return dict(found.all())

    async def lines(
        self, invoice_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[InvoiceLine]]:
        """The same page of each invoice's lines, as printed. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            InvoiceLine.invoice_id,
            invoice_ids,
            self.session,
            select(InvoiceLine),
            _LINES,
            request,
        )

    async def line_counts(self, invoice_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many lines each invoice has."""
        found = await self.session.execute(
            select(InvoiceLine.invoice_id, func.count())
            .where(among(InvoiceLine.invoice_id, invoice_ids))
            .group_by(InvoiceLine.invoice_id)
        )
        return dict(found.all())


def _invoices(query: InvoiceQuery, now: datetime) -> Select[Invoice]:
    return select(Invoice).where(_in_view(query.view, now), *_matching(query.criteria))


def _in_view(view: InvoiceView, now: datetime) -> ColumnElement[bool]:
    match view:
        case InvoiceView.CURRENT:
            return Invoice.state.not_in(_PAST)
        case InvoiceView.UPCOMING:
            return Invoice.state == InvoiceState.DRAFT
        case InvoiceView.UNPAID:
            return Invoice.state.in_(OWING)
        case InvoiceView.OVERDUE:
            return is_overdue(now)
        case InvoiceView.PAST:
            return Invoice.state.in_(_PAST)
        case InvoiceView.UP_FOR_RENEWAL:
            return and_(Invoice.state.not_in(_PAST), Invoice.kind.in_(_RENEWING))
        case InvoiceView.ALL:
            return true()


def _matching(criteria: InvoiceCriteria) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.states is not None:
        conditions.append(Invoice.state.in_(criteria.states))
    if criteria.kind is not None:
        conditions.append(Invoice.kind == criteria.kind)
    if criteria.issued_after is not None:
        conditions.append(Invoice.issued_on > criteria.issued_after)
    if criteria.due_before is not None:
        conditions.append(Invoice.due_on < criteria.due_before)
    if criteria.currency is not None:
        conditions.append(Invoice.currency == criteria.currency)
    if criteria.search and (wanted := criteria.search.strip()):
        conditions.append(_contains(wanted))
    return conditions


def _contains(wanted: str) -> ColumnElement[bool]:
    escaped = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return Invoice.search_text.ilike(f"%{escaped}%", escape="\\")


def _keyset(query: InvoiceQuery) -> Keyset:
    descending = query.direction is SortDirection.DESC
    columns = [
        OrderBy(column, descending, nullable=nullable)
        for column, nullable in (*_order(query.order), (Invoice.id, False))
    ]
    return Keyset(tuple(columns))


def _order(field: InvoiceOrderField) -> tuple[tuple[Any, bool], ...]:
    """Columns, and whether they may be null."""
    match field:
        case InvoiceOrderField.ISSUED_ON:
            return ((Invoice.listed_on, False),)
        case InvoiceOrderField.DUE_ON:
            return ((Invoice.due_on, True),)
        case InvoiceOrderField.AMOUNT_DUE:
            return ((Invoice.currency, False), (Invoice.amount_due, False))
        case InvoiceOrderField.NUMBER:
            return ((Invoice.number, True),)
        case InvoiceOrderField.STATE:
            return ((Invoice.state, False),)
