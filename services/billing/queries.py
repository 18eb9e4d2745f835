"""Billing's root fields."""

from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from kit.contract import Capability
from kit.ids import from_global
from kit.subgraph.paging import page_request
from kit.subgraph.rules import any_of
from services.billing.context import Info
from services.billing.inputs import InvoiceFilter, InvoiceOrder, ids_of_accounts, invoice_query
from services.billing.repository.balances import AgeingQuery
from services.billing.repository.invoices import InvoiceView
from services.billing.repository.rows import RenewalQuery
from services.billing.types import ageing, contract, export, invoice
from services.billing.types.ageing import AgeingRow
from services.billing.types.contract import Contract, ContractConnection
from services.billing.types.export import InvoiceExport
from services.billing.types.invoice import Invoice, InvoiceConnection, invoices_page

R = TypeVar("R")

_READERS = any_of(Capability.INVOICE_READ)


@strawberry.type
class Query:
    """What somebody may not see answers exactly as what does not exist."""

    @strawberry.field(directives=[_READERS])
    async def invoice(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> Invoice | None:
        """One invoice, by id or by number; with both, the one that has both."""
        loaders = info.context.loaders
        if id is not None:
            row = await _by_id(invoice.PREFIX, id, loaders.invoice)
        elif number is not None:
            row = await loaders.invoice_numbered.load(number)
        else:
            return None
        if row is None or number not in (None, row.number):
            return None
        return Invoice.of(row)

    @strawberry.field(directives=[_READERS])
    async def invoices(
        self,
        info: Info,
        view: InvoiceView | None = InvoiceView.CURRENT,
        filter: InvoiceFilter | None = None,
        order_by: InvoiceOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> InvoiceConnection:
        """The invoices of all accounts whose invoices the caller reads, latest first."""
        return await invoices_page(info, invoice_query(view, filter, order_by), first, after)

    @strawberry.field(directives=[ageing.READERS])
    async def receivables_ageing(
        self,
        info: Info,
        as_of: date | None = None,
        account_ids: list[strawberry.ID] | None = None,
        currency: str | None = None,
    ) -> list[AgeingRow]:
        """What is owed, by days overdue: as the books stood on a day, or stand now."""
        query = AgeingQuery(as_of, ids_of_accounts(account_ids), currency)
        return [AgeingRow.of(row) for row in await info.context.loaders.ageing(query)]

    @strawberry.field(directives=[any_of(*contract.READERS)])
    async def renewals(
        self,
        info: Info,
        before: date,
        account_ids: list[strawberry.ID] | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> ContractConnection:
        """Contracts that end from today until `before`, the first to end first."""
        loaders = info.context.loaders
        query = RenewalQuery(loaders.now.date(), before, ids_of_accounts(account_ids))
        name = f"renewals:{before}:{query.account_ids}"
        page = await loaders.renewals(query, page_request(info, name, first, after))
        return ContractConnection.of(page, Contract.of, partial(loaders.renewal_count, query))

    @strawberry.field(directives=[_READERS])
    async def invoice_export(self, info: Info, id: strawberry.ID) -> InvoiceExport | None:
        """One of the caller's own exports."""
        row = await _by_id(export.PREFIX, id, info.context.loaders.invoice_export)
        return InvoiceExport.of(row, info.context) if row is not None else None


async def _by_id(prefix: str, id: str, loader: DataLoader[UUID, R | None]) -> R | None:
    uuid = from_global(prefix, id)
    return await loader.load(uuid) if uuid is not None else None
