"""Payments, and the ways of paying that an account has saved."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.money import Money
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import any_of
from kit.subgraph.scalars import URL
from services.billing import models
from services.billing.context import Info
from services.billing.failures import told
from services.billing.models import PaymentState

if TYPE_CHECKING:
    from services.billing.types.invoice import Invoice

PREFIX = "pay"
METHOD_PREFIX = "pm"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.INVOICE_READ)])
class Payment(Node):
    """One collection, of one or several invoices. `method` is what the payer reads."""

    state: PaymentState
    amount: Money
    method: str
    reference: str | None
    created_at: datetime
    settled_at: datetime | None
    row: strawberry.Private[models.Payment]

    @strawberry.field
    def failure(self, info: Info) -> str | None:
        """Why it failed, in the caller's language."""
        if self.row.failure is None:
            return None
        return info.context.translate(told(self.row.failure))

    @strawberry.field
    async def invoices(
        self, info: Info
    ) -> list[Annotated["Invoice", strawberry.lazy("services.billing.types.invoice")]]:
        """What it pays."""
        from services.billing.types.invoice import Invoice  # which imports this module

        rows = await info.context.loaders.invoices_paid_by.load(self.row.id)
        return [Invoice.of(row) for row in rows]

    @strawberry.field
    def next_action_url(self, info: Info) -> URL | None:
        """Where the payer confirms it, while that is needed; for those who may pay."""
        payer_may = info.context.principal.holds(Capability.INVOICE_PAY, self.row.account_id)
        if self.state is not PaymentState.REQUIRES_ACTION or not payer_may:
            return None
        return URL(self.row.next_action_url) if self.row.next_action_url else None

    @classmethod
    def of(cls, row: models.Payment) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            state=row.state,
            amount=Money.of(row.amount, row.currency),
            method=row.method,
            reference=row.reference,
            created_at=row.created_at,
            settled_at=row.settled_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.payment, cls.of)


@strawberry.federation.type(directives=[any_of(Capability.INVOICE_PAY)])
class PaymentMethod:
    """A saved way of paying."""

    id: strawberry.ID
    label: str
    expires_on: date | None
    default: bool

    @classmethod
    def of(cls, row: models.PaymentMethod) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(METHOD_PREFIX, row.id)),
            label=row.label,
            expires_on=row.expires_on,
            default=row.default,
        )
