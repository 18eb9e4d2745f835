"""What an invoice comes to, in minor units.

Tax follows EN 16931: lines are rounded each; per category and rate their sum is the base, and
the base times the rate is rounded once (BR-CO-17), never line by line. Halves are rounded away
from zero, on invoices and their corrections alike. Nothing here is a float.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Charge:
    """A line's amount before tax. `rate` is in percent, `category` of UNTDID 5305."""

    amount: int
    category: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax of one category and rate."""

    category: str
    rate: Decimal
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums at the foot of an invoice."""

    subtotal: int
    taxes: tuple[Tax, ...]

    @property
    def tax(self) -> int:
        """All taxes."""
        return sum(tax.amount for tax in self.taxes)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.subtotal + self.tax


def rounded(amount: Decimal) -> int:
    """The nearest integer; a half goes away from zero."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def line_amount(quantity: Decimal, unit_price: int) -> int:
    """What a line comes to before tax."""
    return rounded(quantity * unit_price)


def totals(charges: Sequence[Charge]) -> Totals:
    """The sums of these lines, taxes in the order in which their categories first appear."""
    bases: dict[tuple[str, Decimal], int] = {}
    for charge in charges:
        kind = (charge.category, charge.rate)
        bases[kind] = bases.get(kind, 0) + charge.amount
    taxes = tuple(
        Tax(category, rate, base, rounded(base * rate / 100))
        for (category, rate), base in bases.items()
    )
    return Totals(sum(charge.amount for charge in charges), taxes)
