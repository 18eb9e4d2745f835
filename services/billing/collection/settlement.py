"""The settlement: what the provider says of a payment becomes true of its invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.outbox import record
from services.billing.books import Entry, book, settled
from services.billing.events import PaymentChanged
from services.billing.models import (
    PENDING,
    Act,
    Allocation,
    Contract,
    Invoice,
    Payment,
    PaymentMethod,
    PaymentState,
)
from services.billing.providers.provider import (
    ActionRequired,
    Failed,
    Outcome,
    Pending,
    Succeeded,
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Settles in the system's name, as of `now`."""

    session: AsyncSession
    now: datetime

    async def settle(self, payment_id: UUID, outcome: Outcome) -> None:
        """Apply an outcome, once: a payment that has ended stays as it is."""
        payment = await self.session.get_one(Payment, payment_id, with_for_update=True)
        if payment.state not in PENDING:
            return  # the answer to the request and the provider's record tell the same twice
        before = payment.state
        match outcome:
            case Succeeded(reference):
                await self._succeed(payment, reference)
            case Failed(reason, reference):
                payment.failure, payment.reference = reason, reference
                await self._end(payment, PaymentState.FAILED)
            case ActionRequired(url, reference):
                payment.next_action_url, payment.reference = url, reference
                payment.state = PaymentState.REQUIRES_ACTION
            case Pending(reference):
                payment.reference = reference
                payment.state = PaymentState.PROCESSING
        if payment.state is not before:
            state = payment.state
            record(self.session, PaymentChanged(payment.id, payment.account_id, state))

    async def _succeed(self, payment: Payment, reference: str) -> None:
        payment.reference = reference
        if payment.save_method:
            self._save(payment)
        parts = await self._end(payment, PaymentState.SUCCEEDED)
        for invoice, amount in parts:
            invoice.receive(amount)
        first, _ = parts[0]
        entry = Entry(
            kind=Act.PAYMENT_SETTLED,
            subject_id=payment.id,
            account_id=payment.account_id,
            currency=payment.currency,
            on=self.now.astimezone(ZoneInfo(first.time_zone)).date(),
            postings=settled([(invoice.id, amount) for invoice, amount in parts]),
        )
        book(self.session, entry)
        if payment.enrol_auto_renew:
            await self._enrol([invoice for invoice, _ in parts])

    async def _end(self, payment: Payment, state: PaymentState) -> Sequence[tuple[Invoice, int]]:
        """The payment is over: its invoices, open again, with their parts."""
        payment.state, payment.settled_at = state, self.now
        payment.provider_token = payment.next_action_url = None
        found = await self.session.execute(
            select(Invoice, Allocation.amount)
            .join(Allocation, Allocation.invoice_id == Invoice.id)
            .where(Allocation.payment_id == payment.id)
            .order_by(Invoice.id)
            .with_for_update(of=Invoice)
        )
        parts = [(invoice, amount) for invoice, amount in found]
        for invoice, _ in parts:
            invoice.release()
        return parts

    def _save(self, payment: Payment) -> None:
        if payment.provider is None or payment.provider_token is None:
            return  # money from elsewhere leaves nothing to save
        row = PaymentMethod(
            account_id=payment.account_id,
            provider=payment.provider,
            token=payment.provider_token,
            label=payment.method,
            expires_on=payment.method_expires_on,
        )
        self.session.add(row)

    async def _enrol(self, invoices: Sequence[Invoice]) -> None:
        ids = [invoice.contract_id for invoice in invoices if invoice.contract_id is not None]
        await self.session.execute(
            update(Contract)
            .where(Contract.id.in_(ids), Contract.auto_renew.is_(False))
            .values(auto_renew=True, version=Contract.version + 1)
        )
