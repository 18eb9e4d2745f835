"""Crashes, outages and hurry: an invoice is collected once, whatever happens."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kit.database import Database
from kit.errors import DomainError
from kit.ids import new_id
from kit.principal import Principal
from services.billing.books import check_books
from services.billing.collection.claim import PaymentOrder
from services.billing.collection.collector import Collector
from services.billing.collection.settlement import Settlement
from services.billing.failures import Failure
from services.billing.models import Invoice, InvoiceState, Payment, PaymentState
from services.billing.providers.provider import (
    ActionRequired,
    Failed,
    Outcome,
    Pending,
    Succeeded,
)
from tests.support.billing import (
    a_caller,
    a_payment,
    a_seller,
    an_allocation,
    an_invoice,
    kept,
)
from tests.support.payment_providers import Scripted, Unreachable, Willing

LATER = timedelta(minutes=6)


def an_order(*invoices: Invoice) -> PaymentOrder:
    """Pays these with a new card."""
    return PaymentOrder(
        invoice_ids=tuple(invoice.id for invoice in invoices),
        amount=Decimal(120 * len(invoices)),
        currency="EUR",
        method="tok",
        save_method=False,
        enrol_auto_renew=False,
    )


def a_collector(billing: Database, provider: Willing, ahead: timedelta = timedelta()) -> Collector:
    """A collector whose clock runs ahead."""
    return Collector(billing, provider, clock=lambda: datetime.now(UTC) + ahead)


async def open_invoices(billing: Database, payer: UUID, count: int = 1) -> list[Invoice]:
    seller = a_seller()
    invoices = [an_invoice(seller, payer) for _ in range(count)]
    await kept(billing, seller, *invoices)
    return invoices


async def the_payment(billing: Database, payer: UUID) -> Payment:
    async with billing.system() as session:
        return (await session.scalars(select(Payment).where(Payment.account_id == payer))).one()


async def the_invoice(billing: Database, invoice: Invoice) -> Invoice:
    async with billing.system() as session:
        return await session.get_one(Invoice, invoice.id)


async def test_a_payment_whose_answer_was_lost_is_settled_from_the_record(
    billing: Database,
) -> None:
    payer, provider = new_id(), Unreachable(heard=True)
    (invoice,) = await open_invoices(billing, payer)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")
    meanwhile = await the_payment(billing, payer)

    await a_collector(billing, provider, ahead=LATER).recover()

    assert meanwhile.state is PaymentState.PROCESSING
    assert (await the_payment(billing, payer)).state is PaymentState.SUCCEEDED
    assert (await the_invoice(billing, invoice)).state is InvoiceState.PAID
    assert provider.collected == {"EUR": 120_00}


async def test_a_payment_that_never_arrived_fails_and_frees_the_invoice(
    billing: Database,
) -> None:
    payer, provider = new_id(), Unreachable(heard=False)
    (invoice,) = await open_invoices(billing, payer)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")

    await a_collector(billing, provider, ahead=LATER).recover()

    payment = await the_payment(billing, payer)
    assert (payment.state, payment.failure) == (PaymentState.FAILED, Failure.NOT_RECEIVED)
    assert (await the_invoice(billing, invoice)).state is InvoiceState.OPEN


async def test_a_request_that_may_still_be_on_its_way_is_left_alone(billing: Database) -> None:
    payer, provider = new_id(), Unreachable(heard=False)
    (invoice,) = await open_invoices(billing, payer)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")

    await a_collector(billing, provider, ahead=timedelta(minutes=1)).recover()

    assert (await the_payment(billing, payer)).state is PaymentState.PROCESSING


@pytest.mark.parametrize(
    ("first", "then", "state", "invoice_state"),
    [
        (Pending("r"), Succeeded("r"), PaymentState.SUCCEEDED, InvoiceState.PAID),
        (Pending("r"), Failed(Failure.DECLINED), PaymentState.FAILED, InvoiceState.OPEN),
        (Pending("r"), Pending("r"), PaymentState.PROCESSING, InvoiceState.PROCESSING),
        (
            ActionRequired("https://example.com", "r"),
            Pending("r"),
            PaymentState.PROCESSING,
            InvoiceState.PROCESSING,
        ),
        (
            ActionRequired("https://example.com", "r"),
            Succeeded("r"),
            PaymentState.SUCCEEDED,
            InvoiceState.PAID,
        ),
        (
            ActionRequired("https://example.com", "r"),
            Failed(Failure.ABANDONED, "r"),
            PaymentState.FAILED,
            InvoiceState.OPEN,
        ),
    ],
)
async def test_what_is_under_way_follows_the_providers_record(
    billing: Database,
    first: Outcome,
    then: Outcome,
    state: PaymentState,
    invoice_state: InvoiceState,
) -> None:
    # One reference per payment: the script's is shared by the cases.
    payer, reference = new_id(), new_id().hex
    said = [replace(each, reference=reference) for each in (first, then)]
    provider = Scripted(script=said)
    (invoice,) = await open_invoices(billing, payer)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")

    await a_collector(billing, provider, ahead=LATER).recover()

    assert (await the_payment(billing, payer)).state is state
    assert (await the_invoice(billing, invoice)).state is invoice_state


async def test_a_payment_of_this_moment_is_not_asked_about(billing: Database) -> None:
    payer, reference = new_id(), new_id().hex
    provider = Scripted(script=[Pending(reference), Succeeded(reference)])
    (invoice,) = await open_invoices(billing, payer)
    collector = a_collector(billing, provider)
    await collector.pay(a_caller(payer), an_order(invoice), "k")

    await collector.recover()

    assert (await the_payment(billing, payer)).state is PaymentState.PROCESSING


async def test_recovery_asks_its_own_provider_only(billing: Database) -> None:
    payer, provider = new_id(), Unreachable(heard=False)
    (invoice,) = await open_invoices(billing, payer)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")

    await a_collector(billing, Willing(name="other"), ahead=LATER).recover()

    assert (await the_payment(billing, payer)).state is PaymentState.PROCESSING


async def test_a_payment_that_cannot_be_settled_costs_no_other(billing: Database) -> None:
    payer, reference = new_id(), new_id().hex
    invoices = await open_invoices(billing, payer, 3)
    provider = Scripted(script=[Succeeded(reference)])
    lost = Unreachable(heard=False)
    await a_collector(billing, provider).pay(a_caller(payer), an_order(invoices[0]), "k")
    ids = [
        await a_collector(billing, lost).pay(a_caller(payer), an_order(invoice), "k")
        for invoice in invoices[1:]
    ]
    provider.outcomes = {ids[0]: Succeeded(reference)}  # a reference that is taken

    await a_collector(billing, provider, ahead=LATER).recover()

    states = [(await the_invoice(billing, invoice)).state for invoice in invoices]
    assert states == [InvoiceState.PAID, InvoiceState.PROCESSING, InvoiceState.OPEN]


async def test_an_outcome_told_twice_and_late_counts_once(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    (invoice,) = await open_invoices(billing, payer)
    payment_id = await a_collector(billing, provider).pay(a_caller(payer), an_order(invoice), "k")

    for outcome in (Succeeded("r"), Failed(Failure.DECLINED), Pending("r")):
        async with billing.system() as session:
            await Settlement(session, datetime.now(UTC)).settle(payment_id, outcome)

    assert (await the_payment(billing, payer)).state is PaymentState.SUCCEEDED
    assert (await the_invoice(billing, invoice)).amount_paid == 120_00


async def test_a_part_of_what_is_due_leaves_the_invoice_open(billing: Database) -> None:
    payer = new_id()
    (invoice,) = await open_invoices(billing, payer)
    payment = a_payment(payer, amount=50_00)
    await kept(billing, payment, an_allocation(payment, invoice))

    async with billing.system() as session:
        await Settlement(session, datetime.now(UTC)).settle(payment.id, Succeeded("part"))

    settled = await the_invoice(billing, invoice)
    assert (settled.state, settled.amount_due) == (InvoiceState.OPEN, 70_00)


async def test_a_refused_order_leaves_its_key_free(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    (invoice,) = await open_invoices(billing, payer)
    collector, caller = a_collector(billing, provider), a_caller(payer)
    wrong = replace(an_order(invoice), amount=Decimal(1))

    with pytest.raises(DomainError):
        await collector.pay(caller, wrong, "k")
    await collector.pay(caller, an_order(invoice), "k")

    assert provider.collected == {"EUR": 120_00}


async def test_a_double_click_is_one_payment(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    (invoice,) = await open_invoices(billing, payer)
    collector, caller, order = a_collector(billing, provider), a_caller(payer), an_order(invoice)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(collector.pay(caller, order, "k")) for _ in range(4)]

    assert len({task.result() for task in tasks}) == 1
    assert provider.collected == {"EUR": 120_00}


async def attempt(collector: Collector, caller: Principal, order: PaymentOrder) -> bool:
    try:
        await collector.pay(caller, order, new_id().hex)
    except DomainError:
        return False
    return True


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    baskets=st.lists(
        st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True), min_size=2, max_size=6
    )
)
async def test_hurried_payers_never_pay_an_invoice_twice(
    billing: Database, baskets: list[list[int]]
) -> None:
    payer, provider = new_id(), Willing()
    invoices = await open_invoices(billing, payer, 4)
    collector = a_collector(billing, provider)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                attempt(collector, a_caller(payer), an_order(*(invoices[n] for n in basket)))
            )
            for basket in baskets
        ]

    outcomes = [(basket, task.result()) for basket, task in zip(baskets, tasks, strict=True)]
    paid = [n for basket, won in outcomes if won for n in basket]
    assert paid, "somebody is the first"
    assert len(paid) == len(set(paid))
    assert provider.collected == {"EUR": 120_00 * len(paid)}
    states = [(await the_invoice(billing, invoice)).state for invoice in invoices]
    assert [n for n, state in enumerate(states) if state is InvoiceState.PAID] == sorted(paid)
    assert set(states) <= {InvoiceState.PAID, InvoiceState.OPEN}


async def test_the_books_balance_after_all_that(billing: Database) -> None:
    async with billing.system() as session:
        found = await check_books(session)

    assert [complaint for complaint in found if "balance" in complaint] == []
    assert [complaint for complaint in found if "arrived" in complaint] == []
