"""One invoice of the demonstration, made up again wherever its place is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from kit.subgraph.money import decimals_of
from portal.seed.billing import story as stories
from portal.seed.billing.calendar import Slot
from portal.seed.billing.story import Story
from portal.seed.identifiers import seeded_id
from portal.seed.scale import CONTRACTS_PER_ACCOUNT, Scale
from portal.seed.world import Customer, World, random_for
from services.billing.models import InvoiceKind, InvoiceState, PaymentState
from services.billing.taxes import Charge, Totals, line_amount, rounded, totals
from services.identity.models import AccountStatus

_TERM: Final = timedelta(days=30)
_KINDS: Final = (
    InvoiceKind.NEW_PURCHASE,
    InvoiceKind.RENEWAL,
    InvoiceKind.MAINTENANCE,
    InvoiceKind.RENEWAL,
    InvoiceKind.ADJUSTMENT,
)
#: Prices in euros, and what they are worth in other currencies.
_ARTICLES: Final = (
    ("Creator, yearly", Decimal("840.00")),
    ("Explorer, yearly", Decimal("504.00")),
    ("Viewer, yearly", Decimal("180.00")),
    ("Server core, yearly maintenance", Decimal("2310.50")),
    ("Data management add-on", Decimal("66.66")),
    ("Training day", Decimal("1250.00")),
)
_RATES: Final = {"USD": Decimal("1.1"), "JPY": Decimal(160), "GBP": Decimal("0.85")}
_UNTAXED: Final = ("Z", Decimal(0))
#: Every so many invoices: given away, sold at half a day, in part untaxed.
_FREE_EVERY: Final = 97
_HALF_EVERY: Final = 13
_UNTAXED_EVERY: Final = 11


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in minor units."""

    description: str
    quantity: Decimal
    unit_price: int
    charge: Charge
    product_key_id: UUID | None


@dataclass(frozen=True, slots=True)
class Collected:
    """One payment of it, in minor units."""

    id: UUID
    amount: int
    at: datetime
    collection: stories.Collection

    @property
    def state(self) -> PaymentState:
        """How far the payment is."""
        return self.collection.state


@dataclass(frozen=True, slots=True)
class Seeded:
    """The invoice at a slot."""

    slot: Slot
    id: UUID
    payer: Customer
    kind: InvoiceKind
    state: InvoiceState
    story: Story
    lines: tuple[Line, ...]
    totals: Totals
    payments: tuple[Collected, ...]
    credited: int
    contract_id: UUID | None

    @property
    def customer(self) -> Customer:
        """Whom it is for."""
        return self.slot.customer

    @property
    def currency(self) -> str:
        """That of the customer's country."""
        return self.customer.region.currency

    @property
    def issued(self) -> bool:
        """Whether it has a number."""
        return self.slot.number is not None

    @property
    def due_on(self) -> date | None:
        """A month after its issue."""
        return self.slot.day + _TERM if self.issued else None

    @property
    def credited_on(self) -> date:
        """The day of its credit note: these are issued in the order of the invoices."""
        return self.day(25)

    @property
    def paid(self) -> int:
        """What has arrived and stayed."""
        return sum(each.amount for each in self.payments if each.state is PaymentState.SUCCEEDED)

    @property
    def due(self) -> int:
        """What is left of the total, whether or not anybody will pay it."""
        return self.totals.total - self.paid - self.credited

    def child(self, kind: str, *numbers: int) -> UUID:
        """The id of something of this invoice's."""
        return seeded_id(kind, self.customer.index, self.slot.k, *numbers)

    def day(self, days: int) -> date:
        """So many days after its issue."""
        return self.slot.day + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the invoices of one world."""

    world: World
    scale: Scale

    def __call__(self, slot: Slot) -> Seeded:
        """The same invoice for the same slot."""
        customer = slot.customer
        chance = random_for("invoice", customer.index, slot.k)
        lines = tuple(self._lines(slot, chance))
        sums = totals([line.charge for line in lines])
        story = self._story(slot, chance, sums.total)
        credited = rounded(Decimal(sums.total) * stories.credited_percent(story) / 100)
        return Seeded(
            slot=slot,
            id=seeded_id("invoice", customer.index, slot.k),
            payer=self._payer(slot),
            kind=_KINDS[slot.k % len(_KINDS)] if slot.number else InvoiceKind.RENEWAL,
            state=stories.state_of(story) if slot.number else InvoiceState.DRAFT,
            story=story,
            lines=lines,
            totals=sums,
            payments=tuple(self._payments(slot, story, sums.total - credited)),
            credited=credited,
            contract_id=_contract_of(slot),
        )

    def _payer(self, slot: Slot) -> Customer:
        """A partner pays a third of what its customers buy."""
        customer = slot.customer
        if customer.partner_id is None or slot.k % 3:
            return customer
        return self.world.customer(customer.partner_id)

    def _story(self, slot: Slot, chance: Random, total: int) -> Story:
        if slot.number is None:
            return Story.OPEN
        if total == 0:
            return Story.FREE
        age = (self.world.today - slot.day).days
        behind = slot.customer.status is AccountStatus.SUSPENDED
        return stories.told(chance, age, behind=behind)

    def _lines(self, slot: Slot, chance: Random) -> Iterator[Line]:
        region, keys = slot.customer.region, self.scale.keys_of(slot.customer.share)
        taxed = (region.tax_category, region.tax_rate)
        for position in range(chance.randint(1, 3)):
            description, euros = chance.choice(_ARTICLES)
            half = slot.k % _HALF_EVERY == 4 and position == 0
            quantity = Decimal("0.5") if half else Decimal(chance.randint(1, 25))
            price = _price(euros, region.currency)
            untaxed = slot.k % _UNTAXED_EVERY == 3 and position == 1
            key = seeded_id("key", slot.customer.index, chance.randrange(keys))
            yield _line(description, quantity, price, _UNTAXED if untaxed else taxed, key)
            if slot.k % _FREE_EVERY == 40:
                yield _line("Discount of 100 %", quantity, -price, taxed, None)
                return

    def _payments(self, slot: Slot, story: Story, owed: int) -> Iterator[Collected]:
        if slot.number is None:
            return
        issued_at = datetime.combine(slot.day, time(9), UTC)
        latest, left = self.world.now - timedelta(minutes=5), owed
        for n, collection in enumerate(stories.collections_of(story)):
            amount = left if collection.part < 0 else max(1, owed * collection.part // 100)
            if collection.state is PaymentState.SUCCEEDED:
                left -= amount
            at = min(issued_at + collection.after, latest)
            id = seeded_id("payment", slot.customer.index, slot.k, n)
            yield Collected(id, amount, at, collection)


def _line(
    description: str, quantity: Decimal, price: int, taxed: tuple[str, Decimal], key: UUID | None
) -> Line:
    charge = Charge(line_amount(quantity, price), *taxed)
    return Line(description, quantity, price, charge, key)


def _price(euros: Decimal, currency: str) -> int:
    local = euros * _RATES.get(currency, Decimal(1))
    return rounded(local.scaleb(decimals_of(currency)))


def _contract_of(slot: Slot) -> UUID | None:
    """The renewals of the contract that ran out, then, planned, of the one that runs."""
    if slot.number is None:
        return seeded_id("contract", slot.customer.index, CONTRACTS_PER_ACCOUNT - 1)
    if _KINDS[slot.k % len(_KINDS)] in (InvoiceKind.RENEWAL, InvoiceKind.MAINTENANCE):
        return seeded_id("contract", slot.customer.index, 0)
    return None


def party(customer: Customer) -> dict[str, Any]:
    """Name and address as they are copied onto the invoice."""
    return {
        "company": customer.name,
        "lines": [customer.street, f"{customer.postal_code} {customer.city}"],
        "country": customer.region.country,
        "vat_number": customer.vat_number,
    }
