"""The books: what each act enters in the ledger, and whether ledger and invoices agree.

A debit is positive, a credit negative, in minor units. The postings of one act sum to nothing,
and what an invoice has left under RECEIVABLE is what is due on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.billing.models import (
    Act,
    Allocation,
    CreditNote,
    Invoice,
    InvoiceState,
    LedgerAccount,
    LedgerAct,
    LedgerEntry,
    Payment,
    PaymentState,
)
from services.billing.taxes import rounded


class Unbalanced(RuntimeError):
    """Postings that do not sum to nothing: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One amount. What concerns no single invoice names none."""

    account: LedgerAccount
    amount: int
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An act of the payer's account, before it is written down. `on` is the payer's day."""

    kind: Act
    subject_id: UUID
    account_id: UUID
    currency: str
    on: date
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if sum(posting.amount for posting in self.postings):
            raise Unbalanced(f"{self.kind} of {self.subject_id} does not balance.")


def issued(invoice_id: UUID, subtotal: int, tax: int) -> tuple[Posting, ...]:
    """An invoice is owed."""
    return _without_zeros(
        Posting(LedgerAccount.RECEIVABLE, subtotal + tax, invoice_id),
        Posting(LedgerAccount.REVENUE, -subtotal, invoice_id),
        Posting(LedgerAccount.TAX_PAYABLE, -tax, invoice_id),
    )


def settled(parts: Sequence[tuple[UUID, int]]) -> tuple[Posting, ...]:
    """Money has arrived for these invoices."""
    return _without_zeros(
        Posting(LedgerAccount.CASH, sum(amount for _, amount in parts)),
        *(Posting(LedgerAccount.RECEIVABLE, -amount, invoice_id) for invoice_id, amount in parts),
    )


def credited(invoice_id: UUID, amount: int, *, tax: int, total: int) -> tuple[Posting, ...]:
    """Part of an invoice is taken back, its share of the tax with it."""
    tax_part = rounded(Decimal(amount) * tax / total)
    return _without_zeros(
        Posting(LedgerAccount.REVENUE, amount - tax_part, invoice_id),
        Posting(LedgerAccount.TAX_PAYABLE, tax_part, invoice_id),
        Posting(LedgerAccount.RECEIVABLE, -amount, invoice_id),
    )


def written_off(invoice_id: UUID, due: int) -> tuple[Posting, ...]:
    """What is still due will not come."""
    return _without_zeros(
        Posting(LedgerAccount.BAD_DEBT, due, invoice_id),
        Posting(LedgerAccount.RECEIVABLE, -due, invoice_id),
    )


def undone(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """The opposite: an invoice is void, a payment went back."""
    return tuple(Posting(each.account, -each.amount, each.invoice_id) for each in postings)


def book(session: AsyncSession, entry: Entry) -> None:
    """Write an act down. The same act of the same subject twice fails the transaction."""
    act = LedgerAct(account_id=entry.account_id, kind=entry.kind, subject_id=entry.subject_id)
    session.add(act)
    session.add_all(
        LedgerEntry(
            act_id=act.id,
            account_id=entry.account_id,
            invoice_id=posting.invoice_id,
            ledger_account=posting.account,
            amount=posting.amount,
            currency=entry.currency,
            booked_on=entry.on,
        )
        for posting in entry.postings
    )


def _without_zeros(*postings: Posting) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount)


#: Nothing is receivable on these, whatever was never paid.
_CLOSED: Final = (InvoiceState.DRAFT, InvoiceState.VOID, InvoiceState.UNCOLLECTIBLE)


async def check_books(session: AsyncSession) -> list[str]:
    """What does not agree, one line each; nothing when all does. Takes a system session."""
    checks = {
        "act does not balance": _unbalanced_acts(),
        "receivable is not what is due": _wrong_receivables(),
        "paid is not what arrived": _wrong_payments(),
        "credited is not what credit notes say": _wrong_credits(),
    }
    return [
        f"{complaint}: {id}"
        for complaint, query in checks.items()
        for id in (await session.scalars(query)).all()
    ]


def _unbalanced_acts() -> Select[UUID]:
    return (
        select(LedgerEntry.act_id)
        .group_by(LedgerEntry.act_id)
        .having(
            (func.sum(LedgerEntry.amount) != 0) | (func.count(LedgerEntry.currency.distinct()) > 1)
        )
    )


def _wrong_receivables() -> Select[UUID]:
    booked = (
        select(func.coalesce(func.sum(LedgerEntry.amount), 0))
        .where(LedgerEntry.invoice_id == Invoice.id)
        .where(LedgerEntry.ledger_account == LedgerAccount.RECEIVABLE)
    )
    left = Invoice.total - Invoice.amount_paid - Invoice.amount_credited
    expected = case((Invoice.state.in_(_CLOSED), 0), else_=left)
    return _disagreeing(booked.scalar_subquery(), expected)


def _wrong_payments() -> Select[UUID]:
    arrived = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.invoice_id == Invoice.id, Payment.state == PaymentState.SUCCEEDED)
    )
    return _disagreeing(arrived.scalar_subquery(), Invoice.amount_paid)


def _wrong_credits() -> Select[UUID]:
    credited = select(func.coalesce(func.sum(CreditNote.amount), 0)).where(
        CreditNote.invoice_id == Invoice.id
    )
    return _disagreeing(credited.scalar_subquery(), Invoice.amount_credited)


def _disagreeing(
    found: ColumnElement[int], expected: ColumnElement[int] | InstrumentedAttribute[int]
) -> Select[UUID]:
    return select(Invoice.id).where(found != expected)
