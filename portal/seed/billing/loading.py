"""Fills billing's database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from portal.seed.billing import accounts, ledger, rows
from portal.seed.billing.calendar import Calendar, Slot, seller_of
from portal.seed.billing.invoice import Maker, Seeded
from portal.seed.billing.numbers import Numbers
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
    Series,
    TaxLine,
)

#: Invoices in memory at a time, with all that hangs on them.
_BATCH: Final = 5_000

#: What hangs on an invoice, each after what it points at.
_CHILDREN: Final = (
    (InvoiceLine, rows.line_rows),
    (TaxLine, rows.tax_rows),
    (Payment, rows.payment_rows),
    (Allocation, rows.allocation_rows),
    (Document, rows.document_rows),
)


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Everything of billing."""
    count, numbers = len(world.customers), Numbers()
    await copier.rows(LegalEntity, accounts.seller_rows(), 3)
    await copier.rows(PaymentMethod, accounts.method_rows(world), count * 2)
    await copier.rows(Contract, accounts.contract_rows(world), count * 2)
    await _load_invoices(copier, Maker(world, scale), numbers)
    await copier.rows(NumberSeries, numbers.rows(), len(numbers.last))


async def _load_invoices(copier: Copier, make: Maker, numbers: Numbers) -> None:
    calendar, done = Calendar.of(make.world, make.scale), 0
    total, quiet = len(calendar), replace(copier, report=_nobody)
    for slots in _batches(calendar.slots(numbers)):
        invoices = [make(slot) for slot in slots]
        for table, made in _tables(invoices, numbers, make.world.today):
            await quiet.rows(table, made, len(invoices))
        done += len(invoices)
        copier.report(f"{copier.service}: invoices", done, total)


def _tables(
    invoices: Sequence[Seeded], numbers: Numbers, today: date
) -> Iterator[tuple[Any, Iterable[Row]]]:
    yield Invoice, map(rows.invoice_row, invoices)
    for table, of_invoice in _CHILDREN:
        yield table, chain.from_iterable(map(of_invoice, invoices))
    yield CreditNote, _credits(invoices, numbers)
    issued = [invoice for invoice in invoices if invoice.issued]
    entries = [entry for invoice in issued for entry in ledger.entries_of(invoice, today)]
    yield LedgerAct, map(ledger.act_row, entries)
    yield LedgerEntry, chain.from_iterable(map(ledger.entry_rows, entries))


def _credits(invoices: Iterable[Seeded], numbers: Numbers) -> Iterator[Row]:
    for invoice in invoices:
        if invoice.credited:
            year = invoice.credited_on.year
            number = numbers.take(seller_of(invoice.customer), Series.CREDIT_NOTE, year)
            yield rows.credit_row(invoice, number)


def _batches(slots: Iterator[Slot]) -> Iterator[list[Slot]]:
    while batch := list(islice(slots, _BATCH)):
        yield batch


def _nobody(what: str, done: int, total: int) -> None:
    """Tables are not reported batch by batch: invoices are."""
