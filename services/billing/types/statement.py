"""Statements of account."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Self

import strawberry

from kit.contract import Capability
from kit.errors import BadInput
from kit.subgraph.money import Money
from kit.subgraph.rules import any_of
from services.billing.context import Info
from services.billing.models import Document
from services.billing.repository import balances
from services.billing.repository.balances import Period
from services.billing.types.document import InvoiceDocument

_LONGEST: Final = timedelta(days=366)


class InvalidPeriod(BadInput):
    """A statement's first day comes after its last, or they are more than a year apart."""

    def __init__(self) -> None:
        super().__init__("A statement is of at most a year, and `from` is not after `to`.")


@strawberry.federation.type(directives=[any_of(Capability.INVOICE_READ)])
class Statement:
    """What was owed before `from` and at the end of `to`; what was issued in between."""

    first: date = strawberry.field(name="from")
    last: date = strawberry.field(name="to")
    opening: Money
    closing: Money
    copies: strawberry.Private[Sequence[Document]]

    @strawberry.field
    def documents(self, info: Info) -> list[InvoiceDocument]:
        """Copies to print of what was issued in this currency."""
        return [InvoiceDocument.of(row, info.context) for row in self.copies]

    @classmethod
    def of(cls, statement: balances.Statement, period: Period) -> Self:
        """From the books."""
        opening, closing = statement.opening, statement.closing
        return cls(
            first=period.first,
            last=period.last,
            opening=Money.of(opening.amount, opening.currency),
            closing=Money.of(closing.amount, closing.currency),
            copies=statement.documents,
        )


def period_of(first: date, last: date) -> Period:
    """The days of a statement. Raises `InvalidPeriod`."""
    if not first <= last <= first + _LONGEST:
        raise InvalidPeriod
    return Period(first, last)
