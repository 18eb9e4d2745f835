"""Payment providers that tests decide about."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.billing.providers.provider import (
    Charge,
    Method,
    Outcome,
    ProviderUnavailable,
    Succeeded,
)


@dataclass(slots=True)
class Willing:
    """Collects whatever is asked, and remembers each charge."""

    name: str = "sandbox"
    charges: list[Charge] = field(default_factory=list)
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)

    async def describe(self, token: str) -> Method | None:
        """Every token is a card."""
        return Method(f"Card {token}")

    async def collect(self, charge: Charge) -> Outcome:
        """Succeed, after letting others go first."""
        await asyncio.sleep(0)
        self.charges.append(charge)
        outcome = Succeeded(f"ref-{charge.payment_id.hex}")
        return self.outcomes.setdefault(charge.payment_id, outcome)

    async def find(self, payment_id: UUID) -> Outcome | None:
        """What was said before."""
        return self.outcomes.get(payment_id)

    @property
    def collected(self) -> Counter[str]:
        """The money taken, by currency."""
        amounts: Counter[str] = Counter()
        for charge in self.charges:
            amounts[charge.currency] += charge.amount
        return amounts


@dataclass(slots=True)
class Unreachable(Willing):
    """Fails to answer; whether it has `heard` the request before is for the test to say."""

    heard: bool = True

    async def collect(self, charge: Charge) -> Outcome:
        """Collect or not, and break the connection."""
        if self.heard:
            self.charges.append(charge)
            self.outcomes[charge.payment_id] = Succeeded(f"ref-{charge.payment_id.hex}")
        raise ProviderUnavailable("connection reset")


@dataclass(slots=True)
class Scripted(Willing):
    """Says these outcomes one after the other, whoever asks."""

    script: Sequence[Outcome] = ()

    async def collect(self, charge: Charge) -> Outcome:
        """The first one."""
        self.charges.append(charge)
        self.outcomes[charge.payment_id] = self.script[0]
        return self.script[0]

    async def find(self, payment_id: UUID) -> Outcome | None:
        """The last one, of a payment that was asked for."""
        return self.script[-1] if payment_id in self.outcomes else None
