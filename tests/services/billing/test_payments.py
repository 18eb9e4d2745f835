"""Paying invoices: what is collected, and what the books say afterwards."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from services.billing.models import (
    Contract,
    Payment,
    PaymentMethod,
    PaymentState,
)
from services.billing.providers import sandbox
from tests.support.billing import (
    READER,
    a_caller,
    a_contract,
    a_method,
    a_seller,
    an_invoice,
    answered,
    global_id,
    kept,
)
from tests.support.paying import an_open_invoice, an_order, complaints, paid
from tests.support.payment_providers import Willing


async def test_a_payment_settles_all_its_invoices(billing: Database) -> None:
    payer = new_id()
    invoices = [await an_open_invoice(billing, payer) for _ in range(2)]

    payload = await paid(billing, a_caller(payer), an_order(invoices))

    assert payload["errors"] == []
    assert payload["payment"]["state"] == "SUCCEEDED"
    assert payload["payment"]["amount"] == {"amount": "240.00", "currency": "EUR"}
    assert payload["payment"]["method"] == "Visa •••• 4242"
    assert [(each["state"], each["amountDue"]["amount"]) for each in payload["invoices"]] == [
        ("PAID", "0.00"),
        ("PAID", "0.00"),
    ]
    assert await complaints(billing, *invoices) == []


async def test_what_is_partly_paid_takes_the_rest(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    seller = a_seller()
    invoice = an_invoice(seller, payer, amount_paid=50_00, amount_credited=20_00)
    await kept(billing, seller, invoice)
    expected = {"amount": "50", "currency": "EUR"}

    payload = await paid(billing, a_caller(payer), an_order([invoice], expected=expected), provider)

    assert payload["invoices"][0]["state"] == "PAID"
    assert provider.collected == {"EUR": 50_00}


async def test_the_same_key_gives_the_same_payment_and_collects_once(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    invoice = await an_open_invoice(billing, payer)
    caller, order = a_caller(payer), an_order([invoice])

    first = await paid(billing, caller, order, provider)
    again = await paid(billing, caller, order, provider)
    spelt = {**order, "expected": {"amount": "120.0", "currency": "EUR"}}
    differently_spelt = await paid(billing, caller, spelt, provider)

    assert first == again == differently_spelt
    assert len(provider.charges) == 1


async def test_an_invoice_named_twice_is_paid_once(billing: Database) -> None:
    payer, provider = new_id(), Willing()
    invoice = await an_open_invoice(billing, payer)
    order = an_order([invoice], invoiceIds=[global_id(invoice)] * 2)

    await paid(billing, a_caller(payer), order, provider)

    assert provider.collected == {"EUR": 120_00}


@pytest.mark.parametrize(
    ("token", "failure"),
    [
        (sandbox.DECLINED, "The payment was declined. Try another way of paying."),
        (sandbox.INSUFFICIENT, "There was not enough money on the account."),
        (sandbox.EXPIRED, "This way of paying has expired."),
    ],
)
async def test_a_declined_payment_leaves_the_invoice_open_for_another_card(
    billing: Database, token: str, failure: str
) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    caller = a_caller(payer)

    refused = await paid(billing, caller, an_order([invoice], paymentMethodId=token))
    settled = await paid(billing, caller, an_order([invoice]))

    assert refused["payment"]["state"] == "FAILED"
    assert refused["payment"]["failure"] == failure
    assert refused["invoices"][0]["state"] == "OPEN"
    assert refused["errors"] == [
        {"code": "PAYMENT_DECLINED", "path": ["paymentMethodId"], "message": failure}
    ]
    assert settled["payment"]["state"] == "SUCCEEDED"
    assert await complaints(billing, invoice) == []


async def test_a_payment_that_needs_confirmation_holds_the_invoice(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    caller = a_caller(payer)

    waiting = await paid(billing, caller, an_order([invoice], paymentMethodId=sandbox.ACTION))
    second = await paid(billing, caller, an_order([invoice]))
    seen_by_reader = await answered(
        billing,
        a_caller(payer, may=READER),
        "{ invoices { nodes { payments { nextActionUrl } } } }",
    )

    assert waiting["payment"]["state"] == "REQUIRES_ACTION"
    assert waiting["payment"]["nextActionUrl"].startswith("https://sandbox.example.com/confirm/")
    assert waiting["invoices"][0]["state"] == "PROCESSING"
    assert [error["code"] for error in second["errors"]] == ["PAYMENT_PENDING"]
    assert seen_by_reader["invoices"]["nodes"] == [{"payments": [{"nextActionUrl": None}]}]


async def test_a_slow_payment_is_under_way(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)

    payload = await paid(
        billing, a_caller(payer), an_order([invoice], paymentMethodId=sandbox.SLOW)
    )

    assert payload["payment"]["state"] == "PROCESSING"
    assert payload["invoices"][0]["state"] == "PROCESSING"


async def methods_of(billing: Database, payer: UUID) -> list[tuple[str, date | None]]:
    async with billing.system() as session:
        rows = await session.scalars(select(PaymentMethod).where(PaymentMethod.account_id == payer))
        return [(row.token, row.expires_on) for row in rows]


@pytest.mark.parametrize(
    ("token", "kept_methods"),
    [(sandbox.SUCCESS, [(sandbox.SUCCESS, date(2031, 12, 31))]), (sandbox.DECLINED, [])],
)
async def test_a_method_is_saved_when_it_has_paid(
    billing: Database, token: str, kept_methods: list[tuple[str, date | None]]
) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    order = an_order([invoice], paymentMethodId=token, savePaymentMethod=True)

    await paid(billing, a_caller(payer), order)

    assert await methods_of(billing, payer) == kept_methods


async def test_a_saved_method_is_not_saved_again(billing: Database) -> None:
    payer = new_id()
    method = a_method(payer)
    await kept(billing, method)
    invoice = await an_open_invoice(billing, payer)
    order = an_order([invoice], paymentMethodId=global_id(method), savePaymentMethod=True)

    await paid(billing, a_caller(payer), order)

    assert await methods_of(billing, payer) == [(sandbox.SUCCESS, None)]


async def test_a_payment_forgets_the_token_when_it_has_ended(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)

    await paid(billing, a_caller(payer), an_order([invoice]))

    async with billing.system() as session:
        payment = (await session.scalars(select(Payment).where(Payment.account_id == payer))).one()
    assert payment.state is PaymentState.SUCCEEDED
    assert payment.provider_token is None


async def test_the_payer_may_enrol_the_contract_in_auto_renewal(billing: Database) -> None:
    payer = new_id()
    contract = a_contract(payer)
    await kept(billing, contract)
    invoice = await an_open_invoice(billing, payer, contract_id=contract.id)

    await paid(billing, a_caller(payer), an_order([invoice], enrolAutoRenew=True))

    async with billing.system() as session:
        renewed = await session.get_one(Contract, contract.id)
    assert (renewed.auto_renew, renewed.version) == (True, 2)


async def test_each_change_of_a_payment_is_announced(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)

    payload = await paid(billing, a_caller(payer), an_order([invoice]))

    async with billing.system() as session:
        rows = await session.scalars(
            select(OutboxRow)
            .where(OutboxRow.payload["account_id"].astext == str(payer))
            .order_by(OutboxRow.id)
        )
        events = [(row.topic, row.payload["state"]) for row in rows]
    assert payload["payment"]["state"] == "SUCCEEDED"
    assert events == [
        ("billing.payment-changed", "PROCESSING"),
        ("billing.payment-changed", "SUCCEEDED"),
    ]
