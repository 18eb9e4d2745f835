"""Payments that are refused: nothing is collected."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.billing.models import (
    InvoiceState,
)
from services.billing.providers import sandbox
from tests.support.billing import (
    READER,
    a_caller,
    a_method,
    a_seller,
    an_invoice,
    global_id,
    kept,
)
from tests.support.paying import an_open_invoice, an_order, paid
from tests.support.payment_providers import Willing


async def test_the_same_key_with_other_parameters_is_refused(billing: Database) -> None:
    payer = new_id()
    invoice, other = [await an_open_invoice(billing, payer) for _ in range(2)]
    caller, order = a_caller(payer), an_order([invoice])
    await paid(billing, caller, order)

    payload = await paid(billing, caller, {**order, "invoiceIds": [global_id(other)]})

    assert payload["payment"] is None
    assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_somebody_elses_key_is_not_theirs(billing: Database) -> None:
    payer = new_id()
    invoice, other = [await an_open_invoice(billing, payer) for _ in range(2)]
    order = an_order([invoice])
    await paid(billing, a_caller(payer), order)

    payload = await paid(billing, a_caller(payer), {**order, "invoiceIds": [global_id(other)]})

    assert payload["errors"] == []
    assert payload["invoices"][0]["number"] == other.number


async def test_a_replay_shows_nothing_to_who_may_not_see_it_any_more(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    caller, order = a_caller(payer), an_order([invoice])
    await paid(billing, caller, order)
    removed = a_caller(new_id(), id=caller.id)

    payload = await paid(billing, removed, order)

    assert payload["payment"] is None
    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (InvoiceState.PAID, "ALREADY_PAID"),
        (InvoiceState.PROCESSING, "PAYMENT_PENDING"),
        (InvoiceState.DRAFT, "WRONG_STATE"),
        (InvoiceState.VOID, "WRONG_STATE"),
        (InvoiceState.UNCOLLECTIBLE, "WRONG_STATE"),
    ],
)
async def test_what_is_not_open_is_refused_and_nothing_is_collected(
    billing: Database, state: InvoiceState, code: str
) -> None:
    payer, provider, seller = new_id(), Willing(), a_seller()
    amounts = {"amount_paid": 120_00 if state is InvoiceState.PAID else 0}
    fine, invoice = an_invoice(seller, payer), an_invoice(seller, payer, state=state, **amounts)
    await kept(billing, seller, fine, invoice)

    payload = await paid(billing, a_caller(payer), an_order([fine, invoice]), provider)

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        (code, ["invoiceIds", "1"])
    ]
    assert provider.charges == []


@pytest.mark.parametrize(
    ("expected", "code", "path"),
    [
        ({"amount": "119.99", "currency": "EUR"}, "AMOUNT_MISMATCH", ["expected", "amount"]),
        ({"amount": "120.001", "currency": "EUR"}, "AMOUNT_MISMATCH", ["expected", "amount"]),
        ({"amount": "-120", "currency": "EUR"}, "AMOUNT_MISMATCH", ["expected", "amount"]),
        ({"amount": "120.00", "currency": "USD"}, "CURRENCY_MISMATCH", ["expected", "currency"]),
        ({"amount": "120.00", "currency": "eur"}, "CURRENCY_MISMATCH", ["expected", "currency"]),
    ],
)
async def test_another_balance_than_the_payer_saw_is_refused(
    billing: Database, expected: dict[str, str], code: str, path: list[str]
) -> None:
    payer, provider = new_id(), Willing()
    invoice = await an_open_invoice(billing, payer)

    payload = await paid(billing, a_caller(payer), an_order([invoice], expected=expected), provider)

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, path)]
    assert provider.charges == []


async def test_two_currencies_are_two_payments(billing: Database) -> None:
    payer = new_id()
    invoices = [await an_open_invoice(billing, payer, currency=each) for each in ("EUR", "USD")]

    payload = await paid(billing, a_caller(payer), an_order(invoices))

    assert [error["code"] for error in payload["errors"]] == ["CURRENCY_MISMATCH"]


async def test_two_payers_are_two_payments(billing: Database) -> None:
    payers = [new_id(), new_id()]
    invoices = [await an_open_invoice(billing, payer) for payer in payers]

    payload = await paid(billing, a_caller(*payers), an_order(invoices))

    assert [error["code"] for error in payload["errors"]] == ["INVALID"]


async def test_a_reader_may_not_pay(billing: Database) -> None:
    payer, elsewhere = new_id(), new_id()
    invoice = await an_open_invoice(billing, payer)
    caller = Principal(
        kind=a_caller().kind,
        id=new_id(),
        accounts={payer: READER, elsewhere: frozenset({Capability.INVOICE_PAY})},
        proven_until=a_caller().proven_until,
    )

    payload = await paid(billing, caller, an_order([invoice]))

    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize("id", ["inv_nonsense", "", to_global("inv", new_id())])
async def test_an_invoice_that_is_not_there_is_not_found(billing: Database, id: str) -> None:
    payload = await paid(billing, a_caller(new_id()), an_order([], invoiceIds=[id]))

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("NOT_FOUND", ["invoiceIds", "0"])
    ]


async def test_a_foreign_invoice_is_not_found(billing: Database) -> None:
    invoice = await an_open_invoice(billing, new_id())

    payload = await paid(billing, a_caller(new_id()), an_order([invoice]))

    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_payment_has_from_1_to_100_invoices(billing: Database, count: int) -> None:
    ids = [to_global("inv", new_id()) for _ in range(count)]

    payload = await paid(billing, a_caller(new_id()), an_order([], invoiceIds=ids))

    assert [error["code"] for error in payload["errors"]] == ["INVALID"]


async def test_refusals_speak_french(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    order = an_order([invoice], paymentMethodId=sandbox.EXPIRED)

    payload = await paid(billing, a_caller(payer), order, locale="fr")

    assert payload["errors"][0]["message"] == "Ce moyen de paiement a expiré."


async def test_a_saved_method_is_the_payers_own(billing: Database) -> None:
    payer, other = new_id(), new_id()
    mine, theirs, gone = a_method(payer), a_method(other), a_method(payer)
    elsewhere = a_method(payer, provider="another")
    gone.removed_at = gone.created_at
    await kept(billing, mine, theirs, gone, elsewhere)
    invoice = await an_open_invoice(billing, payer)
    caller = a_caller(payer, other)

    refused = [
        await paid(billing, caller, an_order([invoice], paymentMethodId=method))
        for method in (
            *map(global_id, (theirs, gone, elsewhere)),
            "tok_unheard_of",
            "",
        )
    ]
    settled = await paid(billing, caller, an_order([invoice], paymentMethodId=global_id(mine)))

    assert [payload["errors"][0]["code"] for payload in refused] == ["NOT_FOUND"] * 5
    assert settled["payment"]["method"] == "Visa •••• 4242"


async def test_who_has_not_proved_lately_that_it_is_them_pays_nothing(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    long_ago = datetime.now(UTC) - timedelta(seconds=1)
    order = an_order([invoice])

    refused = await paid(billing, a_caller(payer, proven_until=long_ago), order)
    again = await paid(billing, a_caller(payer), order)

    assert [error["code"] for error in refused["errors"]] == ["STEP_UP_REQUIRED"]
    assert refused["payment"] is None
    assert again["errors"] == []
