"""Paying invoices: what is collected, what is refused, and what the books say afterwards."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.billing.books import Entry, book, check_books, issued
from services.billing.models import (
    Act,
    Contract,
    Invoice,
    InvoiceState,
    Payment,
    PaymentMethod,
    PaymentState,
)
from services.billing.providers import sandbox
from services.billing.providers.provider import PaymentProvider
from tests.support.billing import (
    READER,
    a_caller,
    a_contract,
    a_method,
    a_seller,
    an_invoice,
    answered,
    ask,
    global_id,
    kept,
    today,
)
from tests.support.providers import Ledgered

PAY = """mutation ($input: PayInvoicesInput!) { payInvoices(input: $input) {
    payment { id state amount { amount currency } method failure nextActionUrl }
    invoices { number state amountDue { amount } } errors { code path message } } }"""


async def an_open_invoice(billing: Database, payer: UUID, **values: Any) -> Invoice:
    """An invoice that is in the books."""
    seller = a_seller()
    invoice = an_invoice(seller, payer, **values)
    await kept(billing, seller, invoice)
    entry = Entry(
        *(Act.INVOICE_ISSUED, invoice.id, payer, invoice.currency, today()),
        issued(invoice.id, invoice.subtotal, invoice.tax),
    )
    async with billing.system() as session:
        book(session, entry)
    return invoice


def an_order(invoices: Sequence[Invoice], **changed: Any) -> dict[str, Any]:
    """What the payer of these sends."""
    return {
        "invoiceIds": [global_id(invoice) for invoice in invoices],
        "expected": {"amount": f"{len(invoices) * 120}.00", "currency": "EUR"},
        "paymentMethodId": sandbox.SUCCESS,
        "idempotencyKey": new_id().hex,
        **changed,
    }


async def paid(
    billing: Database,
    caller: Principal,
    order: dict[str, Any],
    provider: PaymentProvider | None = None,
    locale: str = "en",
) -> Any:
    """The mutation's payload."""
    result = await ask(billing, caller, PAY, {"input": order}, locale, provider)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data["payInvoices"]


async def complaints(billing: Database, *invoices: Invoice) -> list[str]:
    """What does not agree in the books about these: other tests keep none."""
    async with billing.system() as session:
        found = await check_books(session)
    ids = {str(invoice.id) for invoice in invoices}
    return [complaint for complaint in found if complaint.rpartition(" ")[2] in ids]


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
    payer, provider = new_id(), Ledgered()
    seller = a_seller()
    invoice = an_invoice(seller, payer, amount_paid=50_00, amount_credited=20_00)
    await kept(billing, seller, invoice)
    expected = {"amount": "50", "currency": "EUR"}

    payload = await paid(billing, a_caller(payer), an_order([invoice], expected=expected), provider)

    assert payload["invoices"][0]["state"] == "PAID"
    assert provider.collected == {"EUR": 50_00}


async def test_the_same_key_gives_the_same_payment_and_collects_once(billing: Database) -> None:
    payer, provider = new_id(), Ledgered()
    invoice = await an_open_invoice(billing, payer)
    caller, order = a_caller(payer), an_order([invoice])

    first = await paid(billing, caller, order, provider)
    again = await paid(billing, caller, order, provider)
    spelt = {**order, "expected": {"amount": "120.0", "currency": "EUR"}}
    differently_spelt = await paid(billing, caller, spelt, provider)

    assert first == again == differently_spelt
    assert len(provider.charges) == 1


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
    payer, provider, seller = new_id(), Ledgered(), a_seller()
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
    payer, provider = new_id(), Ledgered()
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


async def test_an_invoice_named_twice_is_paid_once(billing: Database) -> None:
    payer, provider = new_id(), Ledgered()
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


async def test_refusals_speak_french(billing: Database) -> None:
    payer = new_id()
    invoice = await an_open_invoice(billing, payer)
    order = an_order([invoice], paymentMethodId=sandbox.EXPIRED)

    payload = await paid(billing, a_caller(payer), order, locale="fr")

    assert payload["errors"][0]["message"] == "Ce moyen de paiement a expiré."


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


async def test_a_saved_method_is_the_payers_own(billing: Database) -> None:
    payer, other = new_id(), new_id()
    mine, theirs, gone = a_method(payer), a_method(other), a_method(payer)
    gone.removed_at = gone.created_at
    await kept(billing, mine, theirs, gone)
    invoice = await an_open_invoice(billing, payer)
    caller = a_caller(payer, other)

    refused = [
        await paid(billing, caller, an_order([invoice], paymentMethodId=method))
        for method in (global_id(theirs), global_id(gone), "tok_unheard_of", "")
    ]
    settled = await paid(billing, caller, an_order([invoice], paymentMethodId=global_id(mine)))

    assert [payload["errors"][0]["code"] for payload in refused] == ["NOT_FOUND"] * 4
    assert settled["payment"]["method"] == "Visa •••• 4242"


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
