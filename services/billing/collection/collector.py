"""Claim, collect, settle; and settle what a crash or an outage left behind."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from kit.database import Database
from kit.idempotency import once
from kit.principal import Principal
from services.billing.collection.claim import Claim, Means, PaymentOrder
from services.billing.collection.settlement import Settlement
from services.billing.errors import UnknownMethod
from services.billing.failures import Failure
from services.billing.models import PENDING, Payment
from services.billing.providers.provider import (
    Charge,
    Failed,
    Outcome,
    PaymentProvider,
    ProviderUnavailable,
)

logger = logging.getLogger(__name__)

#: How long a request waits for the provider; its record is asked afterwards.
_PATIENCE: Final = 30.0

#: A payment that the provider has not heard of for so long was never sent: much longer than
#: any request waits.
_LOST: Final = timedelta(minutes=5)

#: Between two rounds of recovery, and the age from which a payment is asked about.
_EVERY: Final = timedelta(seconds=10)
_BATCH: Final = 100


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects through one provider."""

    database: Database
    provider: PaymentProvider
    clock: Callable[[], datetime] = _now

    async def pay(self, principal: Principal, order: PaymentOrder, key: str) -> UUID:
        """The payment of an order; the same one when it is repeated under the same key.

        The provider is asked at most once for it. Raises the refusals of
        `services.billing.errors` and of `kit.idempotency`.
        """
        means = await self._means(order.method)
        claimed: list[Payment] = []
        async with self.database.session(principal) as session:
            claim = Claim(session, principal, self.provider.name)

            async def act() -> UUID:
                payment = await claim.make(order, means)
                claimed.append(payment)
                return payment.id

            payment_id = await once(
                session,
                principal,
                operation="payInvoices",
                key=key,
                parameters=order.parameters(),
                act=act,
            )
        for payment in claimed:
            await self._collect(payment)
        return payment_id

    async def recover(self) -> int:
        """Settle what is under way, from the provider's record; how many payments were asked about.

        Any number may recover at the same time. A payment that cannot be settled costs no other.
        """
        asked, last = 0, UUID(int=0)
        while payments := await self._unsettled(last):
            for payment in payments:
                await self._recover(payment)
            asked, last = asked + len(payments), payments[-1].id
        return asked

    async def run(self) -> None:
        """Recover for as long as the process lives."""
        while True:
            try:
                await self.recover()
            except Exception:  # the next round is soon enough, whatever it was
                logger.warning("recovery of payments failed", exc_info=True)
            await asyncio.sleep(_EVERY.total_seconds())

    async def _means(self, method: UUID | str) -> Means | None:
        if isinstance(method, UUID):
            return None
        described = await self.provider.describe(method)
        if described is None:
            raise UnknownMethod(path=("paymentMethodId",))
        return Means(method, described.label, described.expires_on)

    async def _collect(self, payment: Payment) -> None:
        charge = Charge(payment.id, payment.provider_token or "", payment.amount, payment.currency)
        try:
            async with asyncio.timeout(_PATIENCE):
                outcome = await self.provider.collect(charge)
        except (ProviderUnavailable, TimeoutError) as error:
            # It may have collected nevertheless: the payment stays under way.
            logger.warning("provider unavailable", extra={"reason": repr(error)})
            return
        await self._settle(payment, outcome)

    async def _recover(self, payment: Payment) -> None:
        try:
            outcome = await self._recorded(payment)
            if outcome is not None:
                await self._settle(payment, outcome)
        except Exception:  # the next round asks again
            logger.exception("payment not settled", extra={"payment": str(payment.id)})

    async def _recorded(self, payment: Payment) -> Outcome | None:
        outcome = await self.provider.find(payment.id)
        if outcome is None and payment.created_at <= self.clock() - _LOST:
            return Failed(Failure.NOT_RECEIVED)
        return outcome

    async def _settle(self, payment: Payment, outcome: Outcome) -> None:
        async with self.database.system() as session:
            await Settlement(session, self.clock()).settle(payment.id, outcome)

    async def _unsettled(self, after: UUID) -> Sequence[Payment]:
        async with self.database.system() as session:
            rows = await session.scalars(
                select(Payment)
                .where(Payment.state.in_(PENDING), Payment.provider == self.provider.name)
                .where(Payment.created_at <= self.clock() - _EVERY, Payment.id > after)
                .order_by(Payment.id)
                .limit(_BATCH)
            )
            return rows.all()
