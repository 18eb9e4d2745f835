"""A provider that moves no money. What happens follows from the token.

    tok_success        succeeds
    tok_declined       is declined
    tok_insufficient   is declined for want of money
    tok_expired        is a card that has expired
    tok_action         waits to be confirmed; abandoned after a quarter of an hour
    tok_slow           succeeds after a while

Its records live as long as the process: what is under way then was never received.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.billing.failures import Failure
from services.billing.providers.provider import (
    ActionRequired,
    Charge,
    Failed,
    Method,
    Outcome,
    Pending,
    Succeeded,
)

SUCCESS: Final = "tok_success"
DECLINED: Final = "tok_declined"
INSUFFICIENT: Final = "tok_insufficient"
EXPIRED: Final = "tok_expired"
ACTION: Final = "tok_action"
SLOW: Final = "tok_slow"

_METHODS: Final = {
    SUCCESS: Method("Visa •••• 4242", date(2031, 12, 31)),
    DECLINED: Method("Mastercard •••• 4444", date(2031, 12, 31)),
    INSUFFICIENT: Method("Visa •••• 9995", date(2031, 12, 31)),
    EXPIRED: Method("Visa •••• 0069", date(2020, 1, 31)),
    ACTION: Method("Visa •••• 3184", date(2031, 12, 31)),
    SLOW: Method("Direct debit FR76 •••• 0189"),
}
_REFUSALS: Final = {
    DECLINED: Failure.DECLINED,
    INSUFFICIENT: Failure.INSUFFICIENT_FUNDS,
    EXPIRED: Failure.METHOD_EXPIRED,
}
_PATIENCE: Final = timedelta(minutes=15)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Record:
    charge: Charge
    asked_at: datetime

    @property
    def reference(self) -> str:
        return f"sandbox-{self.charge.payment_id.hex}"


@dataclass(slots=True)
class Sandbox:
    """`slowness` is how long `tok_slow` takes."""

    slowness: timedelta = timedelta(seconds=20)
    clock: Callable[[], datetime] = _now
    name: str = "sandbox"
    _records: dict[UUID, _Record] = field(default_factory=dict)
    _confirmed: set[UUID] = field(default_factory=set)

    async def describe(self, token: str) -> Method | None:
        """One of the methods above."""
        return _METHODS.get(token)

    async def collect(self, charge: Charge) -> Outcome:
        """As the token says."""
        record = self._records.setdefault(charge.payment_id, _Record(charge, self.clock()))
        return self._outcome(record)

    async def find(self, payment_id: UUID) -> Outcome | None:
        """As the token says, as of now."""
        record = self._records.get(payment_id)
        return self._outcome(record) if record is not None else None

    def confirm(self, payment_id: UUID) -> None:
        """What the payer does at the URL of a payment that requires action."""
        self._confirmed.add(payment_id)

    def _outcome(self, record: _Record) -> Outcome:
        token, reference = record.charge.token, record.reference
        age = self.clock() - record.asked_at
        if token == SUCCESS or record.charge.payment_id in self._confirmed:
            return Succeeded(reference)
        if token == SLOW:
            return Succeeded(reference) if age >= self.slowness else Pending(reference)
        if token == ACTION and age < _PATIENCE:
            url = f"https://sandbox.example.com/confirm/{reference}"
            return ActionRequired(url, reference)
        if token == ACTION:
            return Failed(Failure.ABANDONED, reference)
        return Failed(_REFUSALS.get(token, Failure.DECLINED), reference)
