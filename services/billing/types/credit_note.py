"""Credit notes."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.money import Money
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import any_of
from services.billing import models
from services.billing.context import Info
from services.billing.types.document import InvoiceDocument

if TYPE_CHECKING:
    from services.billing.types.invoice import Invoice

PREFIX = "cn"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.INVOICE_READ)])
class CreditNote(Node):
    """Takes back part of an invoice, or all of it."""

    number: str
    amount: Money
    issued_on: date
    reason: str | None
    row: strawberry.Private[models.CreditNote]

    @strawberry.field
    async def invoice(
        self, info: Info
    ) -> Annotated["Invoice", strawberry.lazy("services.billing.types.invoice")]:
        """What it corrects."""
        from services.billing.types.invoice import Invoice  # which imports this module

        row = await info.context.loaders.invoice.load(self.row.invoice_id)
        if row is None:
            raise LookupError("A credit note was visible, but not its invoice.")
        return Invoice.of(row)

    @strawberry.field
    async def document(self, info: Info) -> InvoiceDocument | None:
        """A copy: to print, where there are several."""
        rows = await info.context.loaders.credit_documents_of.load(self.row.id)
        printable = models.DocumentFormat.PDF
        chosen = next((row for row in rows if row.format is printable), next(iter(rows), None))
        return InvoiceDocument.of(chosen, info.context) if chosen is not None else None

    @classmethod
    def of(cls, row: models.CreditNote) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            number=row.number,
            amount=Money.of(row.amount, row.currency),
            issued_on=row.issued_on,
            reason=row.reason,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.credit_note, cls.of)
