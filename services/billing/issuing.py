"""Upcoming invoices are issued on their day: from then on only payments and credits change them."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.outbox import record
from services.billing.books import Entry, book, issued
from services.billing.events import InvoiceIssued
from services.billing.models import (
    Act,
    Invoice,
    InvoiceLine,
    InvoiceState,
    LegalEntity,
    Series,
    TaxLine,
    local_date,
)
from services.billing.numbers import take_number

logger = logging.getLogger(__name__)

#: How long the payer has.
_TERM: Final = timedelta(days=30)

_EVERY: Final = timedelta(minutes=10)
_BATCH: Final = 100


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Issues drafts whose day has come where the payer is. Any number may run at a time."""

    database: Database
    clock: Callable[[], datetime] = _now

    async def run(self) -> None:
        """For as long as the process lives."""
        while True:
            try:
                await self.issue_planned()
            except Exception:  # the next round is soon enough, whatever it was
                logger.warning("issuing failed", exc_info=True)
            await asyncio.sleep(_EVERY.total_seconds())

    async def issue_planned(self) -> int:
        """Issue all that is due for it, each invoice in a transaction; how many that were.

        One that cannot be issued costs no other.
        """
        count, issued_some = 0, True
        while issued_some:
            done = [await self._issue(id) for id in await self._planned()]
            count, issued_some = count + sum(done), any(done)
        return count

    async def _issue(self, invoice_id: UUID) -> bool:
        try:
            async with self.database.system() as session:
                return await issue(session, invoice_id, self.clock())
        except Exception:  # the next round tries again
            logger.exception("invoice not issued", extra={"invoice": str(invoice_id)})
            return False

    async def _planned(self) -> Sequence[UUID]:
        now = self.clock()
        async with self.database.system() as session:
            rows = await session.scalars(
                select(Invoice.id)
                .where(Invoice.state == InvoiceState.DRAFT)
                .where(Invoice.planned_on <= local_date(now))
                .order_by(Invoice.planned_on, Invoice.id)
                .limit(_BATCH)
            )
            return rows.all()


async def issue(session: AsyncSession, invoice_id: UUID, now: datetime) -> bool:
    """Issue a draft; False when it is one no longer. What comes to nothing is paid at once."""
    invoice = await session.get_one(Invoice, invoice_id, with_for_update=True)
    if invoice.state is not InvoiceState.DRAFT:
        return False
    seller = await session.get_one(LegalEntity, invoice.legal_entity_id)
    today = now.astimezone(ZoneInfo(seller.time_zone)).date()
    invoice.number = await take_number(session, seller, Series.INVOICE, today.year)
    invoice.issued_on, invoice.due_on = today, today + _TERM
    invoice.state = InvoiceState.OPEN if invoice.total > 0 else InvoiceState.PAID
    invoice.search_text = f"{invoice.number} {invoice.search_text}"
    invoice.content_hash = await _content_hash(session, invoice)
    invoice.version += 1
    book(session, _entry(invoice, today))
    record(session, InvoiceIssued(invoice.id, invoice.payer_account_id, invoice.number))
    return True


def _entry(invoice: Invoice, today: date) -> Entry:
    return Entry(
        kind=Act.INVOICE_ISSUED,
        subject_id=invoice.id,
        account_id=invoice.payer_account_id,
        currency=invoice.currency,
        on=today,
        postings=issued(invoice.id, invoice.subtotal, invoice.tax),
    )


async def _content_hash(session: AsyncSession, invoice: Invoice) -> str:
    """SHA-256 of all that stands on the invoice."""
    lines = await session.scalars(
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id == invoice.id)
        .order_by(InvoiceLine.position)
    )
    taxes = await session.scalars(
        select(TaxLine)
        .where(TaxLine.invoice_id == invoice.id)
        .order_by(TaxLine.category, TaxLine.rate)
    )
    document: dict[str, Any] = {
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.currency,
        "bill_to": invoice.bill_to,
        "ship_to": invoice.ship_to,
        "purchase_order": invoice.purchase_order,
        "lines": [
            [line.description, str(line.quantity), line.unit_price, line.amount] for line in lines
        ],
        "taxes": [[tax.category, str(tax.rate), tax.base, tax.amount] for tax in taxes],
        "total": invoice.total,
    }
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
