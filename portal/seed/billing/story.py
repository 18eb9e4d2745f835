"""What became of an invoice: every state and edge, in lifelike shares by age."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from services.billing.failures import Failure
from services.billing.models import InvoiceState, PaymentState


class Story(Enum):
    """One of the ways in which invoices end, or have got so far."""

    OPEN = auto()
    DECLINED = auto()
    PARTLY_PAID = auto()
    IN_COLLECTION = auto()
    UNCONFIRMED = auto()
    PAID_BY_CARD = auto()
    PAID_BY_WIRE = auto()
    PAID_AFTER_DECLINE = auto()
    PAID_IN_PARTS = auto()
    PAID_TWICE = auto()
    CHARGED_BACK = auto()
    CREDITED_IN_PART = auto()
    CREDITED = auto()
    VOID = auto()
    WRITTEN_OFF = auto()
    FREE = auto()


@dataclass(frozen=True, slots=True)
class Collection:
    """One payment: a part of what is owed in percent, or the rest, so long after the issue."""

    state: PaymentState
    part: int
    after: timedelta
    method: str
    failure: Failure | None = None


_CARD: Final = "Visa •••• 4242"
_OTHER_CARD: Final = "Mastercard •••• 4444"
_WIRE: Final = "Wire transfer"
#: Collected by the bank, days later: no provider of ours is asked about these.
_DEBIT: Final = "Direct debit"

#: A part that is all that was left.
_REST: Final = -1

_NEW: Final = {
    Story.OPEN: 58,
    Story.PAID_BY_CARD: 20,
    Story.PAID_BY_WIRE: 6,
    Story.IN_COLLECTION: 5,
    Story.UNCONFIRMED: 2,
    Story.PARTLY_PAID: 5,
    Story.DECLINED: 4,
}
_DUE: Final = {
    Story.PAID_BY_CARD: 44,
    Story.PAID_BY_WIRE: 21,
    Story.PAID_AFTER_DECLINE: 6,
    Story.PAID_IN_PARTS: 4,
    Story.PAID_TWICE: 1,
    Story.OPEN: 14,
    Story.PARTLY_PAID: 3,
    Story.CHARGED_BACK: 2,
    Story.CREDITED_IN_PART: 3,
    Story.VOID: 2,
}
_OLD: Final = {
    Story.PAID_BY_CARD: 47,
    Story.PAID_BY_WIRE: 30,
    Story.PAID_AFTER_DECLINE: 6,
    Story.PAID_IN_PARTS: 4,
    Story.PAID_TWICE: 1,
    Story.CREDITED_IN_PART: 3,
    Story.CREDITED: 2,
    Story.VOID: 3,
    Story.WRITTEN_OFF: 2,
    Story.OPEN: 2,
}
_STATES: Final = {
    Story.OPEN: InvoiceState.OPEN,
    Story.DECLINED: InvoiceState.OPEN,
    Story.PARTLY_PAID: InvoiceState.OPEN,
    Story.CHARGED_BACK: InvoiceState.OPEN,
    Story.IN_COLLECTION: InvoiceState.PROCESSING,
    Story.UNCONFIRMED: InvoiceState.PROCESSING,
    Story.VOID: InvoiceState.VOID,
    Story.WRITTEN_OFF: InvoiceState.UNCOLLECTIBLE,
}


def told(chance: random.Random, age: int, *, behind: bool) -> Story:
    """The story of an invoice issued `age` days ago; `behind` is a payer who does not pay."""
    if behind and age < 120 and chance.random() < 0.7:
        return Story.OPEN
    shares = _NEW if age <= 30 else _DUE if age <= 150 else _OLD
    (story,) = chance.choices(list(shares), list(shares.values()))
    return story


def state_of(story: Story) -> InvoiceState:
    """How far the invoice is."""
    return _STATES.get(story, InvoiceState.PAID)


def collections_of(story: Story) -> tuple[Collection, ...]:
    """The payments of the story, in order."""
    return _COLLECTIONS.get(story, ())


def credited_percent(story: Story) -> int:
    """The part of the total that a credit note takes back."""
    return {Story.CREDITED_IN_PART: 10, Story.CREDITED: 100}.get(story, 0)


def _arrived(part: int, days: int, method: str) -> Collection:
    """Money that came."""
    return Collection(PaymentState.SUCCEEDED, part, timedelta(days=days), method)


def _declined(days: int) -> Collection:
    return Collection(
        PaymentState.FAILED, 100, timedelta(days=days), _OTHER_CARD, Failure.INSUFFICIENT_FUNDS
    )


def _waiting(state: PaymentState) -> Collection:
    return Collection(state, 100, timedelta(hours=5), _DEBIT)


_COLLECTIONS: Final = {
    Story.DECLINED: (_declined(4),),
    Story.PARTLY_PAID: (_arrived(40, 6, _WIRE),),
    Story.IN_COLLECTION: (_waiting(PaymentState.PROCESSING),),
    Story.UNCONFIRMED: (_waiting(PaymentState.REQUIRES_ACTION),),
    Story.PAID_BY_CARD: (_arrived(100, 12, _CARD),),
    Story.PAID_BY_WIRE: (_arrived(100, 24, _WIRE),),
    Story.PAID_AFTER_DECLINE: (_declined(9), _arrived(100, 10, _CARD)),
    Story.PAID_IN_PARTS: (_arrived(60, 10, _WIRE), _arrived(_REST, 29, _WIRE)),
    Story.PAID_TWICE: (
        Collection(PaymentState.REFUNDED, 100, timedelta(days=8), _CARD),
        _arrived(100, 9, _WIRE),
    ),
    Story.CHARGED_BACK: (Collection(PaymentState.REVERSED, 100, timedelta(days=5), _CARD),),
    Story.CREDITED_IN_PART: (_arrived(100, 20, _CARD),),
}
