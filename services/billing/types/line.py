"""What an invoice is made of: its lines, and its taxes by category."""

from datetime import date
from decimal import Decimal
from typing import Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.money import Money
from kit.subgraph.rules import any_of
from services.billing import models

_PREFIX = "line"


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class ProductKey:
    """Licensing's: shown there to those who may see it."""

    id: strawberry.ID


@strawberry.federation.type(directives=[any_of(Capability.INVOICE_READ)])
class InvoiceLine:
    """One line, before tax. `tax_rate` is in percent."""

    id: strawberry.ID
    description: str
    quantity: Decimal
    unit_price: Money
    amount: Money
    tax_rate: Decimal
    product_key: ProductKey | None
    period_start: date | None
    period_end: date | None

    @classmethod
    def of(cls, row: models.InvoiceLine, currency: str) -> Self:
        """From its row, in the invoice's currency."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            description=row.description,
            quantity=_plain(row.quantity),
            unit_price=Money.of(row.unit_price, currency),
            amount=Money.of(row.amount, currency),
            tax_rate=_plain(row.tax_rate),
            product_key=_product_key(row),
            period_start=row.period_start,
            period_end=row.period_end,
        )


@strawberry.type
class InvoiceLineConnection(Connection[InvoiceLine]):
    """A page of lines, as printed."""


@strawberry.federation.type(directives=[any_of(Capability.INVOICE_READ)])
class TaxLine:
    """Tax of one category: `rate` percent of the rounded `base`, rounded once."""

    name: str
    rate: Decimal
    base: Money
    amount: Money

    @classmethod
    def of(cls, row: models.TaxLine, currency: str) -> Self:
        """From its row, in the invoice's currency."""
        return cls(
            name=row.name,
            rate=_plain(row.rate),
            base=Money.of(row.base, currency),
            amount=Money.of(row.amount, currency),
        )


def _product_key(row: models.InvoiceLine) -> ProductKey | None:
    if row.product_key_id is None:
        return None
    return ProductKey(id=strawberry.ID(to_global("key", row.product_key_id)))


def _plain(number: Decimal) -> Decimal:
    """Without the zeros that the column's scale adds: `2.000000` is `2`, and 100 is not `1E+2`."""
    return Decimal(format(number.normalize(), "f"))
