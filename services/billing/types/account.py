"""What billing knows about identity's accounts."""

from datetime import date
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import strawberry

from kit.contract import Capability
from kit.ids import from_global, to_global
from kit.subgraph.batching import Of, Paged
from kit.subgraph.entities import Key
from kit.subgraph.money import Money
from kit.subgraph.node import ids_of
from kit.subgraph.paging import page_request
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.billing.context import Context, Info
from services.billing.inputs import InvoiceFilter, InvoiceOrder, invoice_query
from services.billing.repository.invoices import InvoiceView
from services.billing.types import contract
from services.billing.types.contract import Contract, ContractConnection
from services.billing.types.invoice import Invoice, InvoiceConnection
from services.billing.types.payment import PaymentMethod
from services.billing.types.statement import Statement, period_of

PREFIX = "acc"

_READERS = any_of(Capability.INVOICE_READ)


@strawberry.federation.type(keys=["id"], extend=True, directives=[AUTHENTICATED])
class Account:
    """All that may be null needs a right in this very account."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[_READERS])
    async def invoices(
        self,
        info: Info,
        view: InvoiceView | None = InvoiceView.CURRENT,
        filter: InvoiceFilter | None = None,
        order_by: InvoiceOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> InvoiceConnection | None:
        """What is billed to the account."""
        id = self._granting(info.context, Capability.INVOICE_READ)
        if id is None:
            return None
        loaders, query = info.context.loaders, invoice_query(view, filter, order_by)
        request = page_request(info, f"account-invoices:{query}", first, after)
        page = await loaders.invoices_of.load(Of(id, Paged(query, request)))
        count = partial(loaders.invoice_count_of.load, Of(id, query))
        return InvoiceConnection.of(page, Invoice.of, count)

    @strawberry.field(directives=[_READERS])
    async def balances(self, info: Info) -> list[Money] | None:
        """What is owed, a row for each currency: different ones are never added."""
        id = self._granting(info.context, Capability.INVOICE_READ)
        if id is None:
            return None
        balances = await info.context.loaders.balances_of.load(id)
        return [Money.of(balance.amount, balance.currency) for balance in balances]

    @strawberry.field(directives=[any_of(*contract.READERS)])
    async def contracts(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> ContractConnection | None:
        """The account's contracts, the first to end first."""
        id = self._granting(info.context, *contract.READERS)
        if id is None:
            return None
        loaders = info.context.loaders
        request = page_request(info, "contracts", first, after)
        page = await loaders.contracts_of.load(Of(id, request))
        count = partial(loaders.contract_count_of.load, Of(id, None))
        return ContractConnection.of(page, Contract.of, count)

    @strawberry.field(directives=[any_of(Capability.INVOICE_PAY)])
    async def payment_methods(self, info: Info) -> list[PaymentMethod] | None:
        """Saved ways of paying, the usual one first."""
        id = self._granting(info.context, Capability.INVOICE_PAY)
        if id is None:
            return None
        rows = await info.context.loaders.payment_methods_of.load(id)
        return [PaymentMethod.of(row) for row in rows]

    @strawberry.field(directives=[_READERS])
    async def statement(
        self,
        info: Info,
        first_day: Annotated[date, strawberry.argument(name="from")],
        last_day: Annotated[date, strawberry.argument(name="to")],
    ) -> Statement | None:
        """A year at the most, in the currency that was billed last; none where none ever was."""
        id = self._granting(info.context, Capability.INVOICE_READ)
        if id is None:
            return None
        period = period_of(first_day, last_day)
        found = await info.context.loaders.statement_of.load(Of(id, period))
        return Statement.of(found, period) if found is not None else None

    def _granting(self, context: Context, *capabilities: Capability) -> UUID | None:
        """The account's own id, if the caller holds one of these in it."""
        id = from_global(PREFIX, self.id)
        if id is None or not any(context.principal.holds(each, id) for each in capabilities):
            return None
        return id

    @classmethod
    def with_id(cls, id: UUID) -> Self:
        """The account with this id."""
        return cls(id=strawberry.ID(to_global(PREFIX, id)))

    @classmethod
    def reached(cls, info: Info, id: UUID, payer_id: UUID) -> Self:
        """The account, or its payer's where that is as far as the caller's rights go.

        A partner goes on reading the invoices that it paid when the customer has left it.
        """
        principal = info.context.principal
        known = bool(principal.everywhere) or id in principal.accounts
        return cls.with_id(id if known else payer_id)

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id. Whether there is such an account, identity says."""
        return [cls.with_id(id) if id is not None else None for id in ids_of(PREFIX, keys)]
