"""What billing asks of a payment provider."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from services.billing.failures import Failure


class ProviderUnavailable(Exception):
    """Nobody knows yet whether the provider collects: its record will tell."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way of paying as the provider describes it. `label` is what the payer reads."""

    label: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to collect, in minor units. `payment_id` is the idempotency key."""

    payment_id: UUID
    token: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The money is ours. `reference` is the provider's own name for the payment."""

    reference: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was collected, and nothing will be."""

    reason: Failure
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ActionRequired:
    """The payer must confirm it at `url`."""

    url: str
    reference: str


@dataclass(frozen=True, slots=True)
class Pending:
    """It takes its time."""

    reference: str


Outcome = Succeeded | Failed | ActionRequired | Pending


class PaymentProvider(Protocol):
    """Any of these may raise `ProviderUnavailable`."""

    @property
    def name(self) -> str:
        """How payments remember who was asked."""
        ...

    async def describe(self, token: str) -> Method | None:
        """The way of paying behind a token; None when there is none."""
        ...

    async def collect(self, charge: Charge) -> Outcome:
        """Collect once: the same payment again gives what has become of it."""
        ...

    async def find(self, payment_id: UUID) -> Outcome | None:
        """What has become of a payment; None when the provider was never asked for it."""
        ...
