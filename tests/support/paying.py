"""Pays invoices in a test's name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.billing.books import Entry, book, check_books, issued
from services.billing.models import Act, Invoice
from services.billing.providers import sandbox
from services.billing.providers.provider import PaymentProvider
from tests.support.billing import a_seller, an_invoice, ask, global_id, kept, today

PAY = """mutation ($input: PayInvoicesInput!) { payInvoices(input: $input) {
    payment { id state amount { amount currency } method failure nextActionUrl }
    invoices { number state amountDue { amount } } errors { code path message } } }"""


async def an_open_invoice(billing: Database, payer: UUID, **values: Any) -> Invoice:
    """An invoice that is in the books."""
    seller = a_seller()
    invoice = an_invoice(seller, payer, **values)
    await kept(billing, seller, invoice)
    entry = Entry(
        kind=Act.INVOICE_ISSUED,
        subject_id=invoice.id,
        account_id=payer,
        currency=invoice.currency,
        on=today(),
        postings=issued(invoice.id, invoice.subtotal, invoice.tax),
    )
    async with billing.system() as session:
        book(session, entry)
    return invoice


def an_order(invoices: Sequence[Invoice], **changed: Any) -> dict[str, Any]:
    """What the payer of these sends."""
    return {
        "invoiceIds": [global_id(invoice) for invoice in invoices],
        "expected": {"amount": f"{len(invoices) * 120}.00", "currency": "EUR"},
        "paymentMethodId": sandbox.SUCCESS,
        "idempotencyKey": new_id().hex,
        **changed,
    }


async def paid(
    billing: Database,
    caller: Principal,
    order: dict[str, Any],
    provider: PaymentProvider | None = None,
    locale: str = "en",
) -> Any:
    """The mutation's payload."""
    result = await ask(billing, caller, PAY, {"input": order}, locale, provider)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data["payInvoices"]


async def complaints(billing: Database, *invoices: Invoice) -> list[str]:
    """What does not agree in the books about these: other tests keep none."""
    async with billing.system() as session:
        found = await check_books(session)
    ids = {str(invoice.id) for invoice in invoices}
    return [complaint for complaint in found if complaint.rpartition(" ")[2] in ids]
