"""The books: what each act enters, and that nothing wrong goes unnoticed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from kit.database import Database
from kit.ids import new_id
from services.billing.books import (
    Entry,
    Posting,
    Unbalanced,
    book,
    check_books,
    credited,
    issued,
    settled,
    undone,
    written_off,
)
from services.billing.models import Act, Invoice, InvoiceState, LedgerAccount
from tests.support.billing import a_credit_note, a_seller, an_invoice, kept

DAY = date(2026, 11, 21)
INVOICE = new_id()

#: Amounts by account, as an accountant reads them: debits are positive.
ACTS: list[tuple[tuple[Posting, ...], dict[str, int]]] = [
    (
        issued(INVOICE, 100_00, 20_00),
        {"RECEIVABLE": 120_00, "REVENUE": -100_00, "TAX_PAYABLE": -20_00},
    ),
    (issued(INVOICE, 100_00, 0), {"RECEIVABLE": 100_00, "REVENUE": -100_00}),
    (issued(INVOICE, 0, 0), {}),
    (settled([(INVOICE, 120_00)]), {"CASH": 120_00, "RECEIVABLE": -120_00}),
    (undone(settled([(INVOICE, 120_00)])), {"CASH": -120_00, "RECEIVABLE": 120_00}),
    (
        credited(INVOICE, 12_00, tax=20_00, total=120_00),
        {"REVENUE": 10_00, "TAX_PAYABLE": 2_00, "RECEIVABLE": -12_00},
    ),
    (written_off(INVOICE, 70_00), {"BAD_DEBT": 70_00, "RECEIVABLE": -70_00}),
]


@pytest.mark.parametrize(("postings", "amounts"), ACTS)
def test_an_act_enters_these_amounts(
    postings: tuple[Posting, ...], amounts: dict[str, int]
) -> None:
    assert {posting.account.name: posting.amount for posting in postings} == amounts


def test_money_for_several_invoices_is_one_sum_of_cash() -> None:
    other = new_id()

    postings = settled([(INVOICE, 10), (other, 32)])

    assert postings == (
        Posting(LedgerAccount.CASH, 42),
        Posting(LedgerAccount.RECEIVABLE, -10, INVOICE),
        Posting(LedgerAccount.RECEIVABLE, -32, other),
    )


@given(
    subtotal=st.integers(1, 10**12),
    tax=st.integers(0, 10**11),
    part=st.integers(1, 10**12),
)
def test_a_credit_takes_its_share_of_the_tax_and_balances(
    subtotal: int, tax: int, part: int
) -> None:
    total = subtotal + tax
    amount = min(part, total)

    postings = credited(INVOICE, amount, tax=tax, total=total)

    by_account = {posting.account: posting.amount for posting in postings}
    assert sum(by_account.values()) == 0
    assert abs(by_account.get(LedgerAccount.TAX_PAYABLE, 0) * total - amount * tax) * 2 <= total


def an_entry(invoice: Invoice, kind: Act, postings: tuple[Posting, ...]) -> Entry:
    """An act of today."""
    return Entry(kind, invoice.id, invoice.payer_account_id, invoice.currency, DAY, postings)


def test_what_does_not_balance_is_refused() -> None:
    invoice = an_invoice(a_seller(), new_id())

    with pytest.raises(Unbalanced):
        an_entry(invoice, Act.INVOICE_ISSUED, (Posting(LedgerAccount.CASH, 1),))


async def booked(billing: Database, entry: Entry) -> None:
    async with billing.system() as session:
        book(session, entry)


async def test_an_act_is_booked_once(billing: Database) -> None:
    seller = a_seller()
    invoice = an_invoice(seller, new_id())
    await kept(billing, seller, invoice)
    entry = an_entry(invoice, Act.INVOICE_ISSUED, issued(invoice.id, 100_00, 20_00))
    await booked(billing, entry)

    with pytest.raises(IntegrityError):
        await booked(billing, entry)


@pytest.mark.parametrize(
    ("values", "complaints"),
    [
        ({}, set()),
        ({"amount_paid": 1}, {"receivable is not what is due", "paid is not what arrived"}),
        (
            {"amount_credited": 1},
            {"receivable is not what is due", "credited is not what credit notes say"},
        ),
        ({"state": InvoiceState.VOID}, {"receivable is not what is due"}),
        ({"state": InvoiceState.UNCOLLECTIBLE}, {"receivable is not what is due"}),
    ],
)
async def test_an_invoice_that_disagrees_with_the_books_is_found(
    billing: Database, values: dict[str, Any], complaints: set[str]
) -> None:
    seller = a_seller()
    invoice = an_invoice(seller, new_id(), **values)
    await kept(billing, seller, invoice)
    await booked(billing, an_entry(invoice, Act.INVOICE_ISSUED, issued(invoice.id, 100_00, 20_00)))

    async with billing.system() as session:
        found = await check_books(session)

    mine = {each.partition(":")[0] for each in found if each.endswith(str(invoice.id))}
    assert mine == complaints


async def test_a_credit_note_that_no_invoice_knows_is_found(billing: Database) -> None:
    seller = a_seller()
    invoice = an_invoice(seller, new_id())
    await kept(billing, seller, invoice, a_credit_note(invoice))

    async with billing.system() as session:
        found = await check_books(session)

    assert f"credited is not what credit notes say: {invoice.id}" in found
