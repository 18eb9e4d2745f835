"""Invoices: who finds which, and what of them they see."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.billing.models import (
    DocumentFormat,
    InvoiceState,
    PaymentState,
)
from tests.support.billing import (
    READER,
    a_caller,
    a_contract,
    a_credit_note,
    a_desk,
    a_document,
    a_line,
    a_payment,
    a_seller,
    a_tax,
    account_id,
    an_allocation,
    an_invoice,
    answered,
    ask,
    global_id,
    kept,
    statements,
)

DETAIL = """query ($id: ID!) { invoice(id: $id) { number state kind overdue purchaseOrder version
    account { id } subtotal { amount } total { amount currency } amountPaid { amount }
    amountCredited { amount } amountDue { amount currency }
    lines { totalCount nodes { description quantity unitPrice { amount } amount { amount }
        taxRate productKey { id } } }
    taxes { name rate base { amount } amount { amount } }
    billTo { company lines country vatNumber } shipTo { company }
    contract { number } payments { state amount { amount } method invoices { number } }
    creditNotes { number amount { amount } invoice { number } document { format } }
    documents { format sha256 } viewerCan { pay download dispute } } }"""


async def test_an_invoice_shows_all_that_stands_on_it(billing: Database) -> None:
    account, key = new_id(), new_id()
    seller, contract = a_seller(), a_contract(account)
    invoice = an_invoice(
        seller, account, contract_id=contract.id, amount_credited=20_00, purchase_order="PO-7"
    )
    credit, payment = a_credit_note(invoice), a_payment(account, state=PaymentState.FAILED)
    await kept(
        billing,
        *(seller, contract, invoice, credit, payment, an_allocation(payment, invoice)),
        a_line(invoice, quantity=2, unit_price=50_00, product_key_id=key),
        *(a_tax(invoice), a_document(invoice), a_document(credit)),
    )
    caller = a_caller(account, may=READER | {Capability.INVOICE_PAY, Capability.CASE_CREATE})

    data = await answered(billing, caller, DETAIL, id=global_id(invoice))

    assert data["invoice"] == {
        "number": invoice.number,
        "state": "OPEN",
        "kind": "NEW_PURCHASE",
        "overdue": False,
        "purchaseOrder": "PO-7",
        "version": 1,
        "account": {"id": account_id(account)},
        "subtotal": {"amount": "100.00"},
        "total": {"amount": "120.00", "currency": "EUR"},
        "amountPaid": {"amount": "0.00"},
        "amountCredited": {"amount": "20.00"},
        "amountDue": {"amount": "100.00", "currency": "EUR"},
        "lines": {
            "totalCount": 1,
            "nodes": [
                {
                    "description": "Maintenance",
                    "quantity": "2",
                    "unitPrice": {"amount": "50.00"},
                    "amount": {"amount": "100.00"},
                    "taxRate": "20",
                    "productKey": {"id": to_global("key", key)},
                }
            ],
        },
        "taxes": [
            {
                "name": "TVA",
                "rate": "20",
                "base": {"amount": "100.00"},
                "amount": {"amount": "20.00"},
            }
        ],
        "billTo": {"company": "Acme", "lines": ["1 Mill Lane"], "country": "GB", "vatNumber": None},
        "shipTo": None,
        "contract": {"number": contract.number},
        "payments": [
            {
                "state": "FAILED",
                "amount": {"amount": "120.00"},
                "method": "Visa •••• 4242",
                "invoices": [{"number": invoice.number}],
            }
        ],
        "creditNotes": [
            {
                "number": credit.number,
                "amount": {"amount": "20.00"},
                "invoice": {"number": invoice.number},
                "document": {"format": "PDF"},
            }
        ],
        "documents": [{"format": "PDF", "sha256": "ab" * 32}],
        "viewerCan": {"pay": True, "download": True, "dispute": True},
    }


async def test_an_invoice_is_found_by_number_and_by_both(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(seller, account)
    await kept(billing, seller, invoice)

    data = await answered(
        billing,
        a_caller(account),
        """query ($id: ID, $number: String) { byNumber: invoice(number: $number) { id }
            both: invoice(id: $id, number: $number) { id }
            mixed: invoice(id: $id, number: "other") { id } neither: invoice { id } }""",
        id=global_id(invoice),
        number=invoice.number,
    )

    found = {"id": global_id(invoice)}
    assert data == {"byNumber": found, "both": found, "mixed": None, "neither": None}


@pytest.mark.parametrize("id", ["", "inv_", "inv_NOT", "acc_01J9Z3NDEKTSV4RRFFQ69G5FAV", "💥"])
async def test_an_id_that_names_nothing_is_none(billing: Database, id: str) -> None:
    data = await answered(
        billing, a_caller(new_id()), "query ($id: ID) { invoice(id: $id) { id } }", id=id
    )

    assert data == {"invoice": None}


async def test_a_foreign_invoice_answers_as_one_that_does_not_exist(billing: Database) -> None:
    seller = a_seller()
    invoice = an_invoice(seller, new_id())
    await kept(billing, seller, invoice)
    document, caller = "query ($id: ID) { invoice(id: $id) { id } }", a_caller(new_id())

    foreign = await ask(billing, caller, document, {"id": global_id(invoice)})
    missing = await ask(billing, caller, document, {"id": to_global("inv", new_id())})

    assert (foreign.data, foreign.errors) == (missing.data, missing.errors)


async def test_what_a_partner_pays_is_the_partners_to_see(billing: Database) -> None:
    customer, partner, seller = new_id(), new_id(), a_seller()
    invoice = an_invoice(seller, partner, account_id=customer)
    await kept(billing, seller, invoice)
    document = "query ($id: ID) { invoice(id: $id) { account { id } } }"

    for_customer = await answered(billing, a_caller(customer), document, id=global_id(invoice))
    for_partner = await answered(
        billing, a_caller(partner, customer), document, id=global_id(invoice)
    )
    for_former = await answered(billing, a_caller(partner), document, id=global_id(invoice))

    assert for_customer == {"invoice": None}
    assert for_partner == {"invoice": {"account": {"id": account_id(customer)}}}
    assert for_former == {"invoice": {"account": {"id": account_id(partner)}}}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize(("days", "overdue"), [(0, False), (-1, True)])
async def test_an_invoice_is_overdue_from_the_payers_midnight(
    billing: Database, zone: str, days: int, overdue: bool
) -> None:
    account, seller = new_id(), a_seller()
    local = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    invoice = an_invoice(seller, account, time_zone=zone, due_on=local + timedelta(days=days))
    await kept(billing, seller, invoice)

    data = await answered(
        billing,
        a_caller(account),
        "{ invoices { nodes { overdue } } late: invoices(view: OVERDUE) { totalCount } }",
    )

    assert data["invoices"]["nodes"] == [{"overdue": overdue}]
    assert data["late"] == {"totalCount": int(overdue)}


@pytest.mark.parametrize(
    ("state", "pay", "download", "dispute"),
    [
        (InvoiceState.DRAFT, False, False, False),
        (InvoiceState.OPEN, True, True, True),
        (InvoiceState.PROCESSING, False, True, True),
        (InvoiceState.PAID, False, True, True),
        (InvoiceState.VOID, False, True, False),
        (InvoiceState.UNCOLLECTIBLE, False, True, True),
    ],
)
async def test_what_clients_offer_follows_the_state(
    billing: Database, state: InvoiceState, pay: bool, download: bool, dispute: bool
) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(seller, account, state=state)
    await kept(billing, seller, invoice)
    caller = a_caller(
        account, may=READER | {Capability.INVOICE_PAY, Capability.CASE_CREATE_SERVICE}
    )

    data = await answered(
        billing, caller, "{ invoices(view: ALL) { nodes { viewerCan { pay download dispute } } } }"
    )

    expected = {"pay": pay, "download": download, "dispute": dispute}
    assert data["invoices"]["nodes"] == [{"viewerCan": expected}]


async def test_a_reader_is_offered_neither_payment_nor_dispute(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    await kept(billing, seller, an_invoice(seller, account))

    data = await answered(
        billing,
        a_caller(account, may=READER),
        "{ invoices { nodes { viewerCan { pay download dispute } } } }",
    )

    expected = {"pay": False, "download": True, "dispute": False}
    assert data["invoices"]["nodes"] == [{"viewerCan": expected}]


async def test_a_copys_url_is_signed_for_the_caller_alone(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(seller, account)
    await kept(billing, seller, invoice, a_document(invoice, format=DocumentFormat.FACTUR_X))
    document = "{ invoices { nodes { documents { url format } } } }"

    mine = await answered(billing, a_caller(account), document)
    theirs = await answered(billing, a_caller(account), document)

    (copy,) = mine["invoices"]["nodes"][0]["documents"]
    assert copy["format"] == "FACTUR_X"
    assert copy["url"].startswith("https://portal.example.com/files/billing/documents/")
    assert mine != theirs


async def test_staff_see_the_invoices_of_all(billing: Database) -> None:
    seller = a_seller()
    invoice = an_invoice(seller, new_id())
    await kept(billing, seller, invoice)

    data = await answered(
        billing,
        a_desk(Capability.INVOICE_READ),
        "query ($id: ID!) { invoice(id: $id) { number viewerCan { pay } } }",
        id=global_id(invoice),
    )

    assert data == {"invoice": {"number": invoice.number, "viewerCan": {"pay": False}}}


async def test_a_page_of_details_takes_a_constant_number_of_statements(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoices = [an_invoice(seller, account) for _ in range(7)]
    await kept(billing, seller, *invoices, *(a_line(invoice) for invoice in invoices))
    document = """{ invoices { totalCount nodes { lines { nodes { description } } taxes { name }
        payments { state } creditNotes { number } documents { format } contract { number } } } }"""

    with statements(billing) as seen:
        await answered(billing, a_caller(account), document)

    assert len([each for each in seen if each.startswith("SELECT")]) == 7


async def test_references_by_id_and_number_are_one_statement_each(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoices = [an_invoice(seller, account) for _ in range(3)]
    await kept(billing, seller, *invoices)
    references: list[dict[str, Any]] = [
        {"__typename": "Invoice", "number": invoices[0].number},
        {"__typename": "Invoice", "id": global_id(invoices[1])},
        {"__typename": "Invoice", "id": to_global("inv", new_id())},
        {"__typename": "Invoice", "id": "nonsense"},
        {"__typename": "Invoice", "id": global_id(invoices[2])},
        {"__typename": "Invoice", "number": 7},
    ]

    with statements(billing) as seen:
        data = await answered(
            billing,
            a_caller(account),
            "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Invoice { number } } }",
            r=references,
        )

    numbers = [each and each["number"] for each in data["_entities"]]
    assert numbers == [
        *(invoices[0].number, invoices[1].number, None, None, invoices[2].number, None)
    ]
    assert len([each for each in seen if each.startswith("SELECT")]) == 2
