"""Maintenance and subscription contracts."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import any_of
from services.billing import models
from services.billing.context import Info

if TYPE_CHECKING:
    from services.billing.types.account import Account
    from services.billing.types.invoice import Invoice

PREFIX = "ctr"

#: Who pays for contracts, and who manages the keys that name them.
READERS = (Capability.INVOICE_READ, Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP)


@strawberry.federation.type(keys=["id"], directives=[any_of(*READERS)])
class Contract(Node):
    """What is up for renewal. It lasts through `ends_on`."""

    number: str
    starts_on: date
    ends_on: date
    auto_renew: bool
    row: strawberry.Private[models.Contract]

    @strawberry.field
    def account(
        self, info: Info
    ) -> Annotated["Account", strawberry.lazy("services.billing.types.account")]:
        """Whom it is for; who pays, where the caller reaches no further."""
        from services.billing.types.account import Account  # which imports this module

        return Account.reached(info, self.row.account_id, self.row.payer_account_id)

    @strawberry.field(directives=[any_of(Capability.INVOICE_READ)])
    async def renewal_invoice(
        self, info: Info
    ) -> Annotated["Invoice", strawberry.lazy("services.billing.types.invoice")] | None:
        """The latest invoice that renews it, for those who read the payer's invoices."""
        from services.billing.types.invoice import Invoice  # which imports this module

        row = await info.context.loaders.renewal_invoice_of.load(self.row.id)
        return Invoice.of(row) if row is not None else None

    @classmethod
    def of(cls, row: models.Contract) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            auto_renew=row.auto_renew,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.contract, cls.of)


@strawberry.type
class ContractConnection(Connection[Contract]):
    """A page of contracts, the first to end first."""
