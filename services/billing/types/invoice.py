"""Invoices."""

import asyncio
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import from_global, to_global
from kit.subgraph.batching import Of
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.money import Money
from kit.subgraph.node import Node
from kit.subgraph.paging import page_request
from kit.subgraph.rules import any_of
from services.billing import models
from services.billing.context import Info
from services.billing.loaders import Loaders
from services.billing.models import InvoiceKind, InvoiceState
from services.billing.repository.invoices import InvoiceQuery
from services.billing.types.contract import Contract
from services.billing.types.credit_note import CreditNote
from services.billing.types.document import InvoiceDocument
from services.billing.types.line import InvoiceLine, InvoiceLineConnection, TaxLine
from services.billing.types.party import InvoiceParty
from services.billing.types.payment import Payment

if TYPE_CHECKING:
    from services.billing.types.account import Account

PREFIX = "inv"

_LINES = 50


@strawberry.type
class InvoicePermissions:
    """What the caller may do with an invoice now: it tells clients what to show."""

    pay: bool
    download: bool
    dispute: bool


@strawberry.federation.type(keys=["id", "number"], directives=[any_of(Capability.INVOICE_READ)])
class Invoice(Node):
    """`number` is gapless per legal entity, and null until the invoice is issued.

    `total` is `subtotal` and `taxes`; `amount_due` is what of it is neither paid nor credited.
    """

    number: str | None
    kind: InvoiceKind
    state: InvoiceState
    issued_on: date | None
    due_on: date | None
    purchase_order: str | None
    version: int
    row: strawberry.Private[models.Invoice]

    @strawberry.field
    def account(
        self, info: Info
    ) -> Annotated["Account", strawberry.lazy("services.billing.types.account")]:
        """Whom it is for; who pays, where the caller reaches no further."""
        from services.billing.types.account import Account  # which imports this module

        return Account.reached(info, self.row.account_id, self.row.payer_account_id)

    @strawberry.field
    def overdue(self, info: Info) -> bool:
        """Whether its due date has passed where the payer is."""
        return self.row.overdue_at(info.context.loaders.now)

    @strawberry.field
    async def lines(
        self, info: Info, first: int | None = _LINES, after: str | None = None
    ) -> InvoiceLineConnection:
        """As printed."""
        loaders, id = info.context.loaders, self.row.id
        request = page_request(info, "lines", first, after, usual=_LINES)
        page = await loaders.lines_of.load(Of(id, request))
        count = partial(loaders.line_count_of.load, Of(id, None))
        convert = partial(InvoiceLine.of, currency=self.row.currency)
        return InvoiceLineConnection.of(page, convert, count)

    @strawberry.field
    async def taxes(self, info: Info) -> list[TaxLine]:
        """A row for each category and rate."""
        rows = await info.context.loaders.taxes_of.load(self.row.id)
        return [TaxLine.of(row, self.row.currency) for row in rows]

    @strawberry.field
    def subtotal(self) -> Money:
        """The sum of the lines."""
        return self._money(self.row.subtotal)

    @strawberry.field
    def total(self) -> Money:
        """With taxes."""
        return self._money(self.row.total)

    @strawberry.field
    def amount_paid(self) -> Money:
        """What has arrived."""
        return self._money(self.row.amount_paid)

    @strawberry.field
    def amount_credited(self) -> Money:
        """What was taken back."""
        return self._money(self.row.amount_credited)

    @strawberry.field
    def amount_due(self) -> Money:
        """What remains; nothing before it is issued, or once it is void or written off."""
        return self._money(self.row.amount_due)

    @strawberry.field
    def bill_to(self) -> InvoiceParty:
        """Who pays."""
        return InvoiceParty.of(self.row.bill_to)

    @strawberry.field
    def ship_to(self) -> InvoiceParty | None:
        """Who receives, where that is somebody else."""
        return InvoiceParty.of(self.row.ship_to) if self.row.ship_to is not None else None

    @strawberry.field
    async def contract(self, info: Info) -> Contract | None:
        """What it renews or maintains."""
        if self.row.contract_id is None:
            return None
        row = await info.context.loaders.contract.load(self.row.contract_id)
        return Contract.of(row) if row is not None else None

    @strawberry.field
    async def payments(self, info: Info) -> list[Payment]:
        """Those that failed too, oldest first."""
        rows = await info.context.loaders.payments_of.load(self.row.id)
        return [Payment.of(row) for row in rows]

    @strawberry.field
    async def credit_notes(self, info: Info) -> list[CreditNote]:
        """Oldest first."""
        rows = await info.context.loaders.credit_notes_of.load(self.row.id)
        return [CreditNote.of(row) for row in rows]

    @strawberry.field
    async def documents(self, info: Info) -> list[InvoiceDocument]:
        """Copies in all their formats."""
        rows = await info.context.loaders.documents_of.load(self.row.id)
        return [InvoiceDocument.of(row, info.context) for row in rows]

    @strawberry.field
    def viewer_can(self, info: Info) -> InvoicePermissions:
        """What clients may offer."""
        principal, row = info.context.principal, self.row
        issued = row.state is not InvoiceState.DRAFT
        open_cases = (Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE)
        return InvoicePermissions(
            pay=row.payable and principal.holds(Capability.INVOICE_PAY, row.payer_account_id),
            download=issued,
            dispute=issued
            and row.state is not InvoiceState.VOID
            and any(principal.holds(capability, row.account_id) for capability in open_cases),
        )

    def _money(self, minor: int) -> Money:
        return Money.of(minor, self.row.currency)

    @classmethod
    def of(cls, row: models.Invoice) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            number=row.number,
            kind=row.kind,
            state=row.state,
            issued_on=row.issued_on,
            due_on=row.due_on,
            purchase_order=row.purchase_order,
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id or by number."""
        loaders = info.context.loaders
        async with asyncio.TaskGroup() as group:
            rows = [group.create_task(_row_of(loaders, key)) for key in keys]
        return [cls.of(row) if (row := task.result()) is not None else None for task in rows]


async def _row_of(loaders: Loaders, key: Key) -> models.Invoice | None:
    id, number = key.get("id"), key.get("number")
    if isinstance(id, str):
        uuid = from_global(PREFIX, id)
        return await loaders.invoice.load(uuid) if uuid is not None else None
    return await loaders.invoice_numbered.load(number) if isinstance(number, str) else None


@strawberry.type
class InvoiceConnection(Connection[Invoice]):
    """A page of invoices."""


async def invoices_page(
    info: Info, query: InvoiceQuery, first: int | None, after: str | None
) -> InvoiceConnection:
    """A page of all invoices that the caller sees."""
    loaders = info.context.loaders
    page = await loaders.invoices(query, page_request(info, f"invoices:{query}", first, after))
    return InvoiceConnection.of(page, Invoice.of, partial(loaders.invoice_count, query))
