"""Receivables by how late they are."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.billing.books import Entry, book, issued, settled
from services.billing.models import Act, InvoiceState
from tests.support.billing import (
    READER,
    a_caller,
    a_desk,
    a_seller,
    account_id,
    an_invoice,
    answered,
    kept,
    today,
)

AGEING = """query ($asOf: Date, $ids: [ID!], $currency: String) {
    receivablesAgeing(asOf: $asOf, accountIds: $ids, currency: $currency) {
        account { id } currency notDue d1to30 d31to60 d61to90 over90 } }"""


def a_row(account: UUID | None, currency: str = "EUR", **amounts: str) -> dict[str, Any]:
    """A row of zeros, but for these."""
    zero = "0.00" if currency != "JPY" else "0"
    buckets = dict.fromkeys(("notDue", "d1to30", "d31to60", "d61to90", "over90"), zero)
    named = {"id": account_id(account)} if account is not None else None
    return {"account": named, "currency": currency, **buckets, **amounts}


async def ageing(billing: Database, caller: Principal, **variables: Any) -> Any:
    data = await answered(billing, caller, AGEING, **variables)
    return data["receivablesAgeing"]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-1, "notDue"),
        (0, "notDue"),
        (1, "d1to30"),
        (30, "d1to30"),
        (31, "d31to60"),
        (60, "d31to60"),
        (61, "d61to90"),
        (90, "d61to90"),
        (91, "over90"),
    ],
)
async def test_a_debt_is_as_old_as_it_is_overdue(billing: Database, days: int, bucket: str) -> None:
    account, seller = new_id(), a_seller()
    due_on = today() - timedelta(days=days)
    await kept(billing, seller, an_invoice(seller, account, due_on=due_on))

    rows = await ageing(billing, a_caller(account, may=READER))

    assert rows == [a_row(account, **{bucket: "120.00"})]


async def test_currencies_and_payers_are_rows_of_their_own(billing: Database) -> None:
    first, second = sorted((new_id(), new_id()))
    seller = a_seller()
    await kept(
        billing,
        seller,
        an_invoice(seller, first, amount_paid=20_00),
        an_invoice(seller, first),
        an_invoice(seller, first, currency="JPY"),
        an_invoice(seller, second, state=InvoiceState.PROCESSING),
        an_invoice(seller, second, state=InvoiceState.UNCOLLECTIBLE),
        an_invoice(seller, new_id()),
    )
    caller = a_caller(first, second, may=READER)

    rows = await ageing(billing, caller)
    of_second = await ageing(billing, caller, ids=[account_id(second)])
    in_yen = await ageing(billing, caller, currency="JPY")

    yen = a_row(first, "JPY", notDue="12000")
    assert rows == [a_row(first, notDue="220.00"), a_row(second, notDue="120.00"), yen]
    assert of_second == [a_row(second, notDue="120.00")]
    assert in_yen == [yen]


async def test_a_past_day_is_read_from_the_books(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(
        seller,
        account,
        state=InvoiceState.PAID,
        amount_paid=120_00,
        issued_on=date(2026, 1, 1),
        due_on=date(2026, 1, 31),
    )
    await kept(billing, seller, invoice)
    acts = (
        (Act.INVOICE_ISSUED, date(2026, 1, 1), issued(invoice.id, 100_00, 20_00)),
        (Act.PAYMENT_SETTLED, date(2026, 2, 20), settled([(invoice.id, 50_00)])),
        (Act.PAYMENT_SETTLED, date(2026, 3, 20), settled([(invoice.id, 70_00)])),
    )
    async with billing.system() as session:
        for kind, day, postings in acts:
            book(session, Entry(kind, new_id(), account, "EUR", day, postings))
    caller = a_caller(account, may=READER)

    days = ("2025-12-31", "2026-01-31", "2026-02-19", "2026-02-20", "2026-03-10", "2026-03-20")
    rows = [await ageing(billing, caller, asOf=day) for day in days]

    assert rows == [
        [],
        [a_row(account, notDue="120.00")],
        [a_row(account, d1to30="120.00")],
        [a_row(account, d1to30="70.00")],
        [a_row(account, d31to60="70.00")],
        [],
    ]


def a_dashboard() -> Principal:
    """A machine that may see numbers everywhere, and no rows."""
    everywhere = frozenset({Capability.AGGREGATE_READ})
    return Principal(kind=PrincipalKind.MACHINE, id=new_id(), everywhere=everywhere)


async def test_a_dashboard_sees_no_group_of_less_than_five_payers(billing: Database) -> None:
    seller, payers = a_seller(), [new_id() for _ in range(5)]
    rare = [an_invoice(seller, payer, currency="CHF") for payer in payers[:4]]
    common = [an_invoice(seller, payer, currency="SEK") for payer in payers]
    await kept(billing, seller, *rare, *common)

    krona = await ageing(billing, a_dashboard(), currency="SEK")
    francs = await ageing(billing, a_dashboard(), currency="CHF")
    of_few = await ageing(
        billing, a_dashboard(), currency="SEK", ids=[account_id(payer) for payer in payers[:4]]
    )

    assert krona == [a_row(None, "SEK", notDue="600.00")]
    assert francs == of_few == []


async def test_finance_sees_totals_or_the_accounts_that_it_names(billing: Database) -> None:
    seller, payers = a_seller(), sorted((new_id(), new_id()))
    await kept(billing, seller, *(an_invoice(seller, payer, currency="NOK") for payer in payers))
    finance = a_desk(Capability.INVOICE_READ, Capability.AGGREGATE_READ)

    totals = await ageing(billing, finance, currency="NOK")
    named = await ageing(
        billing, finance, currency="NOK", ids=[account_id(payer) for payer in payers]
    )

    assert totals == [a_row(None, "NOK", notDue="240.00")]
    assert named == [a_row(payer, "NOK", notDue="120.00") for payer in payers]


async def test_numbers_of_ones_own_account_take_the_right_to_its_invoices(
    billing: Database,
) -> None:
    account, seller = new_id(), a_seller()
    await kept(billing, seller, an_invoice(seller, account))

    rows = await ageing(billing, a_caller(account, may=frozenset({Capability.AGGREGATE_READ})))

    assert rows == []
