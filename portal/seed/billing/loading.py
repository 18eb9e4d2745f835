"""Fills billing's database."""

from collections.abc import Callable, Iterable, Iterator

from portal.seed.billing import accounts, ledger, rows
from portal.seed.billing.calendar import Calendar
from portal.seed.billing.invoice import Maker, Seeded
from portal.seed.copying import Copier, Row
from portal.seed.scale import Scale
from portal.seed.world import World
from services.billing.models import (
    Allocation,
    Contract,
    CreditNote,
    Document,
    Invoice,
    InvoiceLine,
    LedgerAct,
    LedgerEntry,
    LegalEntity,
    NumberSeries,
    Payment,
    PaymentMethod,
    Reminder,
    TaxLine,
)

#: What hangs on an invoice, each after what it points at.
_CHILDREN = (
    (InvoiceLine, rows.line_rows),
    (TaxLine, rows.tax_rows),
    (Payment, rows.payment_rows),
    (Allocation, rows.allocation_rows),
    (Document, rows.document_rows),
    (Reminder, rows.reminder_rows),
)


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Everything of billing. Invoices are made up anew for each table: none is kept."""
    calendar, make = Calendar.of(world, scale), Maker(world, scale)
    accounts_count, invoices_count = len(world.customers), len(calendar)

    def issued() -> Iterator[Seeded]:
        return map(make, calendar.issued())

    await copier.rows(LegalEntity, accounts.seller_rows(), invoices_count)
    await copier.rows(PaymentMethod, accounts.method_rows(world), accounts_count * 2)
    await copier.rows(Contract, accounts.contract_rows(world), accounts_count * 2)
    invoices = map(rows.invoice_row, map(make, calendar.all()))
    await copier.rows(Invoice, invoices, invoices_count)
    for table, of_invoice in _CHILDREN:
        made = _each(of_invoice, map(make, calendar.all()))
        await copier.rows(table, made, invoices_count)
    await copier.rows(CreditNote, rows.credit_rows(issued()), invoices_count)
    await copier.rows(LedgerAct, ledger.act_rows(issued(), world.today), invoices_count)
    await copier.rows(LedgerEntry, ledger.entry_rows(issued(), world.today), invoices_count)
    series = accounts.series_rows(_numbers(calendar, issued()))
    await copier.rows(NumberSeries, series, accounts_count)


def _each(
    of_invoice: Callable[[Seeded], Iterator[Row]], invoices: Iterable[Seeded]
) -> Iterator[Row]:
    for invoice in invoices:
        yield from of_invoice(invoice)


def _numbers(calendar: Calendar, issued: Iterable[Seeded]) -> Iterator[tuple[str, str]]:
    for slot in calendar.issued():
        if slot.number is not None:
            yield "INVOICE", slot.number
    for row in rows.credit_rows(issued):
        yield "CREDIT_NOTE", row["number"]
