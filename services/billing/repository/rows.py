"""Single rows, and the short lists that hang on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.billing.models import (
    Allocation,
    Contract,
    Invoice,
    InvoiceKind,
    InvoiceState,
    Payment,
    PaymentMethod,
)

_CONTRACTS: Final = Keyset((OrderBy(Contract.ends_on), OrderBy(Contract.id)))


@dataclass(frozen=True, slots=True)
class RenewalQuery:
    """Contracts that end from one day to another, both inclusive."""

    first: date
    last: date
    account_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class RowRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def by_id(self, id: InstrumentedAttribute[Any], ids: Sequence[Any]) -> Mapping[Any, Any]:
        """The rows of `id`'s model by this unique column."""
        rows = await self.session.scalars(select(id.class_).where(id.in_(ids)))
        return {getattr(row, id.key): row for row in rows}

    async def lists(
        self, parent: InstrumentedAttribute[Any], ids: Sequence[UUID], *order: Any
    ) -> Mapping[UUID, Sequence[Any]]:
        """The rows of `parent`'s model by this column."""
        rows = await self.session.scalars(
            select(parent.class_).where(among(parent, ids)).order_by(*order)
        )
        return _grouped([(getattr(row, parent.key), row) for row in rows])

    async def payments_of(self, invoice_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Payment]]:
        """The payments of each invoice, oldest first."""
        rows = await self.session.execute(
            select(Allocation.invoice_id, Payment)
            .join(Payment, Payment.id == Allocation.payment_id)
            .where(among(Allocation.invoice_id, invoice_ids))
            .order_by(Payment.created_at, Payment.id)
        )
        return _grouped(rows.all())

    async def invoices_of(self, payment_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Invoice]]:
        """The invoices that each payment pays, in the order of their issue."""
        rows = await self.session.execute(
            select(Allocation.payment_id, Invoice)
            .join(Invoice, Invoice.id == Allocation.invoice_id)
            .where(among(Allocation.payment_id, payment_ids))
            .order_by(Invoice.listed_on, Invoice.id)
        )
        return _grouped(rows.all())

    async def payment_methods_of(
        self, account_ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PaymentMethod]]:
        """The ways in which each account pays, the usual one first."""
        rows = await self.session.scalars(
            select(PaymentMethod)
            .where(among(PaymentMethod.account_id, account_ids))
            .where(PaymentMethod.removed_at.is_(None))
            .order_by(PaymentMethod.default.desc(), PaymentMethod.created_at, PaymentMethod.id)
        )
        return _grouped([(row.account_id, row) for row in rows])

    async def renewal_invoices(self, contract_ids: Sequence[UUID]) -> Mapping[UUID, Invoice]:
        """The latest invoice that renews each contract."""
        rows = await self.session.scalars(
            select(Invoice)
            .where(among(Invoice.contract_id, contract_ids))
            .where(Invoice.kind == InvoiceKind.RENEWAL, Invoice.state != InvoiceState.VOID)
            .ext(distinct_on(Invoice.contract_id))
            .order_by(Invoice.contract_id, Invoice.listed_on.desc(), Invoice.id.desc())
        )
        return {row.contract_id: row for row in rows if row.contract_id is not None}

    async def renewals(self, query: RenewalQuery, request: PageRequest) -> Page[Contract]:
        """A page of contracts that end, the first to end first. Raises `InvalidCursor`."""
        return await self.paginator.page(self.session, _renewals(query), _CONTRACTS, request)

    async def count_renewals(self, query: RenewalQuery) -> int:
        """How many there are in all."""
        rows = _renewals(query).with_only_columns(func.count(Contract.id))
        return (await self.session.scalars(rows)).one()

    async def contracts(
        self, account_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Contract]]:
        """The same page of each account's contracts, the first to end first.

        Raises `InvalidCursor`.
        """
        return await self.paginator.pages_by(
            Contract.account_id, account_ids, self.session, select(Contract), _CONTRACTS, request
        )

    async def count_contracts(self, account_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many contracts each account has."""
        rows = await self.session.execute(
            select(Contract.account_id, func.count())
            .where(among(Contract.account_id, account_ids))
            .group_by(Contract.account_id)
        )
        return dict(rows.all())


def _renewals(query: RenewalQuery) -> Select[Contract]:
    rows = select(Contract).where(Contract.ends_on.between(query.first, query.last))
    if query.account_ids is not None:
        ids = query.account_ids
        rows = rows.where(
            or_(among(Contract.account_id, ids), among(Contract.payer_account_id, ids))
        )
    return rows


def _grouped(pairs: Sequence[Any]) -> Mapping[Any, Sequence[Any]]:
    groups: dict[Any, list[Any]] = {}
    for parent, row in pairs:
        groups.setdefault(parent, []).append(row)
    return groups
