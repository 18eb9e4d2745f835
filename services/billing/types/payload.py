"""What mutations answer. Refusals are data: `errors` says why nothing, or not all, was done."""

import strawberry

from kit.subgraph.refusal import UserError
from services.billing.types.invoice import Invoice
from services.billing.types.payment import Payment


@strawberry.type
class PaymentPayload:
    """The payment and its invoices as they are now; a payment that was declined is there too."""

    errors: list[UserError]
    payment: Payment | None = None
    invoices: list[Invoice] = strawberry.field(default_factory=list)
