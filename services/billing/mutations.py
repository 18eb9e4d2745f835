"""Billing's mutations."""

from uuid import UUID

import strawberry

from kit.contract import Capability, ErrorCode
from kit.errors import NotFound
from kit.step_up import require_step_up
from kit.subgraph.refusal import UserError, refusable
from kit.subgraph.rules import any_of
from services.billing.context import Context, Info
from services.billing.failures import told
from services.billing.inputs import PayInvoicesInput, payment_order
from services.billing.models import Payment
from services.billing.types import payment as payments
from services.billing.types.invoice import Invoice
from services.billing.types.payload import PaymentPayload


@strawberry.type
class Mutation:
    """Each refuses with data, and does all or nothing."""

    @refusable(directives=[any_of(Capability.INVOICE_PAY)])
    async def pay_invoices(self, info: Info, input: PayInvoicesInput) -> PaymentPayload:
        """Pay all that is due on invoices of one account and one currency, once.

        The same idempotency key gives the same payment, as it is by then. Asks for a step-up
        from sessions that have not proved their person lately.
        """
        context = info.context
        require_step_up(context.principal)
        order = payment_order(input)
        payment_id = await context.collector.pay(context.principal, order, input.idempotency_key)
        return await _payload(context, payment_id)


async def _payload(context: Context, payment_id: UUID) -> PaymentPayload:
    row = await context.loaders.payment.load(payment_id)
    if row is None:
        raise NotFound  # paid under this key once, by somebody who may not see it any more
    invoices = await context.loaders.invoices_paid_by.load(payment_id)
    return PaymentPayload(
        payment=payments.Payment.of(row),
        invoices=[Invoice.of(invoice) for invoice in invoices],
        errors=_errors(context, row),
    )


def _errors(context: Context, payment: Payment) -> list[UserError]:
    if payment.failure is None:
        return []
    message = context.translate(told(payment.failure))
    declined = ErrorCode.PAYMENT_DECLINED
    return [UserError(code=declined, message=message, path=["paymentMethodId"])]
