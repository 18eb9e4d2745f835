"""The ledger of the demonstration: every act of every invoice, balanced."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from portal.seed.billing.invoice import Collected, Seeded
from portal.seed.billing.story import Story
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from services.billing import books
from services.billing.books import Entry, Posting
from services.billing.models import Act, PaymentState

#: Payments that arrived, and what took those back that did not stay.
_TAKEN_BACK = {
    PaymentState.REFUNDED: Act.PAYMENT_REFUNDED,
    PaymentState.REVERSED: Act.PAYMENT_REVERSED,
}


def entries_of(invoice: Seeded, today: date) -> Iterator[Entry]:
    """All that was done with an issued invoice until today."""
    id, sums = invoice.id, invoice.totals
    issued = books.issued(id, sums.subtotal, sums.tax)
    yield _entry(invoice, Act.INVOICE_ISSUED, id, invoice.slot.day, issued)
    for payment in invoice.payments:
        yield from _of_payment(invoice, payment, today)
    if invoice.credited:
        credited = books.credited(id, invoice.credited, tax=sums.tax, total=sums.total)
        credit_id = invoice.child("credit")
        yield _entry(invoice, Act.CREDIT_ISSUED, credit_id, invoice.credited_on, credited)
    if invoice.story is Story.VOID:
        day = min(invoice.day(3), today)
        yield _entry(invoice, Act.INVOICE_VOIDED, id, day, books.undone(issued))
    if invoice.story is Story.WRITTEN_OFF:
        day, lost = min(invoice.day(200), today), books.written_off(id, invoice.due)
        yield _entry(invoice, Act.INVOICE_WRITTEN_OFF, id, day, lost)


def act_row(entry: Entry) -> Row:
    """What was done."""
    return {
        "id": _act_id(entry),
        "account_id": entry.account_id,
        "kind": entry.kind,
        "subject_id": entry.subject_id,
        "at": datetime.combine(entry.on, time(9), UTC),
    }


def entry_rows(entry: Entry) -> Iterator[Row]:
    """The amounts."""
    act_id = _act_id(entry)
    for n, posting in enumerate(entry.postings):
        yield {
            "id": seeded_id("entry", act_id.int, n),
            "act_id": act_id,
            "account_id": entry.account_id,
            "invoice_id": posting.invoice_id,
            "ledger_account": posting.account,
            "amount": posting.amount,
            "currency": entry.currency,
            "booked_on": entry.on,
        }


def _act_id(entry: Entry) -> UUID:
    return seeded_id(f"act {entry.kind}", entry.subject_id.int)


def _of_payment(invoice: Seeded, payment: Collected, today: date) -> Iterator[Entry]:
    if payment.state is not PaymentState.SUCCEEDED and payment.state not in _TAKEN_BACK:
        return
    day, postings = payment.at.date(), books.settled([(invoice.id, payment.amount)])
    yield _entry(invoice, Act.PAYMENT_SETTLED, payment.id, day, postings)
    if (act := _TAKEN_BACK.get(payment.state)) is not None:
        back = min(day + timedelta(days=3), today)
        yield _entry(invoice, act, payment.id, back, books.undone(postings))


def _entry(
    invoice: Seeded, kind: Act, subject_id: UUID, day: date, postings: tuple[Posting, ...]
) -> Entry:
    return Entry(kind, subject_id, invoice.payer.id, invoice.currency, day, postings)
