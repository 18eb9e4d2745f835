"""Which invoices there are, in the order of their issue: numbers are gapless in that order.

A place is a customer and a count: `k` is the invoice's number among the customer's. The order
of millions is kept as one integer each.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.seed.billing.numbers import Numbers
from portal.seed.scale import Scale
from portal.seed.world import Customer, World
from services.billing.models import Series

#: Who sells in a currency; the others are sold by the first.
SELLERS: Final = {"EUR": "FR", "USD": "US", "CAD": "US", "JPY": "JP"}
_FIRST_SELLER: Final = "FR"

_PLACE_BITS: Final = 22
_PLACE: Final = (1 << _PLACE_BITS) - 1
#: Invoices of each customer that are planned but not issued, where there are enough.
_PLANNED: Final = 3
_ENOUGH: Final = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """One invoice's place; its number is None while it is planned."""

    customer: Customer
    k: int
    day: date
    number: str | None


def seller_of(customer: Customer) -> str:
    """The code of the legal entity that sells to the customer."""
    return SELLERS.get(customer.region.currency, _FIRST_SELLER)


@dataclass(frozen=True, slots=True)
class Calendar:
    """All invoices of the world."""

    world: World
    scale: Scale
    order: dict[str, "array[int]"]

    @classmethod
    def of(cls, world: World, scale: Scale) -> "Calendar":
        """Sorted by seller and day."""
        order: dict[str, array[int]] = {}
        for customer in world.customers:
            days = order.setdefault(seller_of(customer), array("Q"))
            issued = issued_count(customer, scale)
            days.extend(
                _packed(_issue_day(customer, k, issued, world.today), customer.index, k)
                for k in range(issued)
            )
        for seller, days in order.items():
            order[seller] = array("Q", sorted(days))
        return cls(world, scale, order)

    def slots(self, numbers: Numbers) -> Iterator[Slot]:
        """Issued invoices, seller by seller, in the order of their numbers; then planned ones."""
        for seller, packed in self.order.items():
            for each in packed:
                day, index, k = _unpacked(each)
                number = numbers.take(seller, Series.INVOICE, day.year)
                yield Slot(self.world.customers[index], k, day, number)
        yield from self._planned()

    def __len__(self) -> int:
        return sum(_count(customer, self.scale) for customer in self.world.customers)

    def _planned(self) -> Iterator[Slot]:
        for customer in self.world.customers:
            issued, count = issued_count(customer, self.scale), _count(customer, self.scale)
            for k in range(issued, count):
                yield Slot(
                    customer, k, self.world.today + timedelta(days=9 * (k - issued + 1)), None
                )


def issued_count(customer: Customer, scale: Scale) -> int:
    """How many of the customer's invoices are issued."""
    count = _count(customer, scale)
    return count - _PLANNED if count >= _ENOUGH else count


def _count(customer: Customer, scale: Scale) -> int:
    return scale.invoices_of(customer.share)


def _issue_day(customer: Customer, k: int, issued: int, today: date) -> date:
    """Evenly from the customer's beginning to today."""
    first = customer.created_at.date()
    return first + (today - first) * (k + 1) // issued


def _packed(day: date, index: int, k: int) -> int:
    return (day.toordinal() << _PLACE_BITS | index) << _PLACE_BITS | k


def _unpacked(packed: int) -> tuple[date, int, int]:
    day = date.fromordinal(packed >> 2 * _PLACE_BITS)
    return day, packed >> _PLACE_BITS & _PLACE, packed & _PLACE
