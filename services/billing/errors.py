"""Billing's refusals.

NothingToPay       a payment is of one invoice at the least
TooManyInvoices    and of a hundred at the most
SeveralPayers      one payment, one account
AlreadyPaid        nothing is due any more
NotPayable         not issued yet, void, or written off
PaymentUnderWay    somebody is paying it at this moment
AmountMismatch     what is due is not what the payer saw
CurrencyMismatch   one payment, one currency
UnknownMethod      no way of paying of this account's
MayNotPay          the caller reads the invoice, no more
"""

from kit.contract import ErrorCode
from kit.errors import DomainError, Forbidden, Invalid, NotFound
from kit.messages import N_


class NothingToPay(Invalid):
    """No invoice was named."""

    sentence = N_("Choose at least one invoice.")


class TooManyInvoices(Invalid):
    """More invoices than one payment may have."""

    sentence = N_("One payment covers at most {most} invoices.")


class SeveralPayers(Invalid):
    """The invoices are billed to different accounts."""

    sentence = N_("Invoices of different accounts are paid separately.")


class AlreadyPaid(DomainError):
    """The invoice is settled: archived ones answer so too."""

    code = ErrorCode.ALREADY_PAID
    sentence = N_("Invoice {number} is paid already: nothing is due.")


class NotPayable(DomainError):
    """The invoice is upcoming, void or written off."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This invoice cannot be paid: it is not open.")


class PaymentUnderWay(DomainError):
    """Another payment of the invoice has not ended."""

    code = ErrorCode.PAYMENT_PENDING
    sentence = N_("A payment of invoice {number} is under way.")


class AmountMismatch(DomainError):
    """The balance changed since the payer saw it: nothing is charged."""

    code = ErrorCode.AMOUNT_MISMATCH
    sentence = N_("The amount due is {due} now.")


class CurrencyMismatch(DomainError):
    """Invoices of two currencies, or another one than expected."""

    code = ErrorCode.CURRENCY_MISMATCH
    sentence = N_("One payment is in one currency, that of its invoices.")


class UnknownMethod(NotFound):
    """Neither saved by this account nor known to the provider."""

    sentence = N_("This way of paying is not known.")


class MayNotPay(Forbidden):
    """The caller has no right to pay for the account."""

    sentence = N_("You may see this invoice, but not pay it.")
