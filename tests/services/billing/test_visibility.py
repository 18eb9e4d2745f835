"""Row rules: what each kind of caller finds in the tables themselves."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.billing.books import Entry, book, issued
from services.billing.models import (
    Act,
    Allocation,
    Base,
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
    ProviderMessage,
    Reminder,
    ReminderKind,
    Series,
    TaxLine,
)
from tests.support.billing import (
    READER,
    a_caller,
    a_contract,
    a_credit_note,
    a_desk,
    a_document,
    a_line,
    a_method,
    a_payment,
    a_seller,
    a_tax,
    an_allocation,
    an_invoice,
    kept,
    today,
)

READ_BY_PAYER = [
    Invoice,
    InvoiceLine,
    TaxLine,
    Payment,
    Allocation,
    CreditNote,
    Document,
    LedgerEntry,
    Contract,
]
NEVER_READ = [LedgerAct, NumberSeries, ProviderMessage, Reminder]


async def a_row_of_each(billing: Database, customer: UUID, partner: UUID) -> None:
    """One of everything, for the customer, paid by the partner."""
    seller = a_seller()
    contract = a_contract(customer, payer_account_id=partner)
    invoice = an_invoice(seller, partner, account_id=customer, contract_id=contract.id)
    payment, note = a_payment(partner), a_credit_note(invoice)
    await kept(
        billing,
        *(seller, contract, invoice, a_line(invoice), a_tax(invoice)),
        *(payment, an_allocation(payment, invoice), note, a_document(invoice)),
        a_method(partner),
        NumberSeries(legal_entity_id=seller.id, document=Series.INVOICE, year=2026),
        Reminder(account_id=partner, invoice_id=invoice.id, kind=ReminderKind.DUE_SOON),
        ProviderMessage(provider="p", message_id=new_id().hex, kind="k", payload={}),
    )
    entry = Entry(
        kind=Act.INVOICE_ISSUED,
        subject_id=invoice.id,
        account_id=partner,
        currency="EUR",
        on=today(),
        postings=issued(invoice.id, 100_00, 20_00),
    )
    async with billing.system() as session:
        book(session, entry)


async def seen(billing: Database, caller: Principal, model: type[Base]) -> bool:
    async with billing.session(caller) as session:
        count = await session.scalar(select(func.count()).select_from(model))
    return bool(count)


@pytest.mark.parametrize("model", READ_BY_PAYER)
async def test_rows_are_those_of_whoever_is_billed(billing: Database, model: Any) -> None:
    customer, partner = new_id(), new_id()
    await a_row_of_each(billing, customer, partner)

    assert await seen(billing, a_caller(partner, may=READER), model)
    assert await seen(billing, a_desk(Capability.INVOICE_READ), model)
    assert not await seen(billing, a_caller(customer, may=READER), model)
    assert not await seen(billing, a_caller(new_id(), may=READER), model)
    assert not await seen(billing, a_caller(partner, may=frozenset()), model)


async def test_ways_of_paying_are_the_payers_alone(billing: Database) -> None:
    customer, partner = new_id(), new_id()
    await a_row_of_each(billing, customer, partner)

    assert await seen(billing, a_caller(partner), PaymentMethod)
    assert not await seen(billing, a_caller(partner, may=READER), PaymentMethod)
    assert not await seen(billing, a_caller(customer), PaymentMethod)


@pytest.mark.parametrize("model", NEVER_READ)
async def test_the_systems_own_rows_are_nobodys(billing: Database, model: Any) -> None:
    customer, partner = new_id(), new_id()
    await a_row_of_each(billing, customer, partner)

    assert not await seen(billing, a_desk(*Capability), model)


async def test_who_sells_is_everybodys_to_know(billing: Database) -> None:
    await kept(billing, a_seller())

    assert await seen(billing, a_caller(new_id(), may=frozenset()), LegalEntity)
