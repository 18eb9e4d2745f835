"""The claim: a payment is written down, and its invoices are taken, before money moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound
from kit.ids import new_id
from kit.outbox import record
from kit.principal import Principal
from kit.subgraph.money import to_decimal, to_minor
from services.billing.errors import (
    AlreadyPaid,
    AmountMismatch,
    CurrencyMismatch,
    MayNotPay,
    NothingToPay,
    NotPayable,
    PaymentUnderWay,
    SeveralPayers,
    TooManyInvoices,
    UnknownMethod,
)
from services.billing.events import PaymentChanged
from services.billing.models import Allocation, Invoice, InvoiceState, Payment, PaymentMethod

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What a payer asks for. An invoice id that names nothing is None.

    `method` is the id of a saved way of paying, or the provider's token of another.
    """

    invoice_ids: tuple[UUID | None, ...]
    amount: Decimal
    currency: str
    method: UUID | str
    save_method: bool
    enrol_auto_renew: bool

    def parameters(self) -> list[Any]:
        """What must be the same when the order is repeated under the same key."""
        amount = format(self.amount.normalize(), "f")
        ids = sorted(str(id) for id in self.invoice_ids)
        choices = [self.save_method, self.enrol_auto_renew]
        return [ids, amount, self.currency, str(self.method), *choices]


@dataclass(frozen=True, slots=True)
class Means:
    """The way of paying: the provider's token, what the payer reads, and how long it is good."""

    token: str
    label: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Takes invoices for one payment, in the payer's name.

    Each check is made under the invoices' locks, taken in the order of their ids: of two payments
    at once, the second finds the first's.
    """

    session: AsyncSession
    principal: Principal
    provider: str

    async def make(self, order: PaymentOrder, means: Means | None) -> Payment:
        """The payment, under way. `means` are those of a token; a saved method's are looked up.

        Raises the refusals of `services.billing.errors`.
        """
        invoices = await self._locked(order)
        self._check(invoices, order)
        payer_id = invoices[0].payer_account_id
        means = means or await self._saved(order.method, payer_id)
        payment = Payment(
            id=new_id(),
            account_id=payer_id,
            amount=sum(invoice.amount_due for invoice in invoices),
            currency=order.currency,
            method=means.label,
            provider=self.provider,
            provider_token=means.token,
            save_method=order.save_method and isinstance(order.method, str),
            method_expires_on=means.expires_on,
            enrol_auto_renew=order.enrol_auto_renew,
            created_by_id=self.principal.id,
        )
        await self._take(payment, invoices)
        return payment

    async def _locked(self, order: PaymentOrder) -> Sequence[Invoice]:
        wanted = dict.fromkeys(order.invoice_ids)
        if not wanted:
            raise NothingToPay(path=("invoiceIds",))
        if len(wanted) > _MOST:
            raise TooManyInvoices(path=("invoiceIds",), most=_MOST)
        rows = await self.session.scalars(
            select(Invoice)
            .where(Invoice.id.in_([id for id in wanted if id is not None]))
            .order_by(Invoice.id)
            .with_for_update()
        )
        found = {invoice.id: invoice for invoice in rows}
        for place, id in enumerate(order.invoice_ids):
            if id not in found:
                raise NotFound(path=("invoiceIds", str(place)))
        return [found[id] for id in wanted if id is not None]

    def _check(self, invoices: Sequence[Invoice], order: PaymentOrder) -> None:
        for invoice in invoices:
            self._check_one(invoice, ("invoiceIds", str(order.invoice_ids.index(invoice.id))))
        if len({invoice.payer_account_id for invoice in invoices}) > 1:
            raise SeveralPayers(path=("invoiceIds",))
        if {invoice.currency for invoice in invoices} != {order.currency}:
            raise CurrencyMismatch(path=("expected", "currency"))
        due = sum(invoice.amount_due for invoice in invoices)
        if to_minor(order.amount, order.currency) != due:
            shown = f"{to_decimal(due, order.currency)} {order.currency}"
            raise AmountMismatch(path=("expected", "amount"), due=shown)

    def _check_one(self, invoice: Invoice, path: Sequence[str]) -> None:
        if not self.principal.holds(Capability.INVOICE_PAY, invoice.payer_account_id):
            raise MayNotPay(path=path)
        match invoice.state:
            case InvoiceState.PAID:
                raise AlreadyPaid(path=path, number=invoice.number)
            case InvoiceState.PROCESSING:
                raise PaymentUnderWay(path=path, number=invoice.number)
            case InvoiceState.DRAFT | InvoiceState.VOID | InvoiceState.UNCOLLECTIBLE:
                raise NotPayable(path=path)
            case InvoiceState.OPEN:
                if invoice.amount_due <= 0:
                    raise AlreadyPaid(path=path, number=invoice.number)

    async def _saved(self, method: UUID | str, payer_id: UUID) -> Means:
        rows = await self.session.scalars(
            select(PaymentMethod).where(
                PaymentMethod.id == method,
                PaymentMethod.account_id == payer_id,
                PaymentMethod.provider == self.provider,
                PaymentMethod.removed_at.is_(None),
            )
        )
        row = rows.one_or_none()
        if row is None:
            raise UnknownMethod(path=("paymentMethodId",))
        return Means(row.token, row.label, row.expires_on)

    async def _take(self, payment: Payment, invoices: Sequence[Invoice]) -> None:
        self.session.add(payment)
        await self.session.flush()
        for invoice in invoices:
            allocation = Allocation(
                payment_id=payment.id,
                invoice_id=invoice.id,
                account_id=payment.account_id,
                amount=invoice.amount_due,
            )
            self.session.add(allocation)
            invoice.claim()
        state = payment.state
        record(self.session, PaymentChanged(payment.id, payment.account_id, state))
