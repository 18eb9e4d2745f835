"""What billing knows about accounts, and to whom it tells that."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.billing.books import Entry, Posting, book, credited, issued, settled
from services.billing.models import Act, DocumentFormat, Invoice, InvoiceKind, InvoiceState
from tests.support.billing import (
    READER,
    a_caller,
    a_contract,
    a_credit_note,
    a_desk,
    a_document,
    a_method,
    a_seller,
    account_id,
    an_invoice,
    answered,
    ask,
    global_id,
    kept,
    statements,
    today,
)

ALL = """query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Account { id
    invoices { totalCount } balances { amount currency } contracts { totalCount }
    paymentMethods { label } statement(from: "2026-01-01", to: "2026-12-31") { from } } } }"""

KEYS = frozenset({Capability.KEY_READ_GROUP})


async def of_account(
    billing: Database, caller: Principal, id: UUID, selection: str, **variables: Any
) -> Any:
    """What the caller reads of the account."""
    document = f"""query ($id: ID!) {{
        _entities(representations: [{{__typename: "Account", id: $id}}]) {{
            ... on Account {{ {selection} }} }} }}"""
    data = await answered(billing, caller, document, id=account_id(id), **variables)
    return data["_entities"][0]


async def test_nothing_of_an_account_shows_without_rights_in_it(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    await kept(billing, seller, an_invoice(seller, account), a_contract(account), a_method(account))
    strangers = (a_caller(new_id()), a_caller(account, may=frozenset({Capability.ACCOUNT_READ})))

    for stranger in strangers:
        data = await answered(
            billing, stranger, ALL, ids=[{"__typename": "Account", "id": account_id(account)}]
        )

        assert data["_entities"] == [
            {
                "id": account_id(account),
                "invoices": None,
                "balances": None,
                "contracts": None,
                "paymentMethods": None,
                "statement": None,
            }
        ]


@pytest.mark.parametrize("id", ["", "acc_", 7, None, "inv_01J9Z3NDEKTSV4RRFFQ69G5FAV"])
async def test_what_is_no_account_id_is_none(billing: Database, id: Any) -> None:
    data = await answered(
        billing, a_caller(new_id()), ALL, ids=[{"__typename": "Account", "id": id}]
    )

    assert data["_entities"] == [None]


async def test_balances_are_a_row_for_each_currency(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    await kept(
        billing,
        seller,
        an_invoice(seller, account),
        an_invoice(seller, account, amount_paid=20_00, amount_credited=30_00),
        an_invoice(seller, account, currency="JPY", state=InvoiceState.PROCESSING),
        an_invoice(seller, account, currency="USD", state=InvoiceState.PAID, amount_paid=120_00),
        an_invoice(seller, account, currency="USD", state=InvoiceState.VOID),
        an_invoice(seller, account, currency="GBP", state=InvoiceState.DRAFT),
        an_invoice(seller, new_id()),
    )

    data = await of_account(
        billing, a_caller(account, may=READER), account, "balances { amount currency }"
    )

    assert data["balances"] == [
        {"amount": "190.00", "currency": "EUR"},
        {"amount": "12000", "currency": "JPY"},
    ]


async def test_saved_methods_show_to_payers_the_usual_one_first(billing: Database) -> None:
    account = new_id()
    gone = a_method(account, label="Gone")
    gone.removed_at = gone.created_at
    await kept(
        billing,
        a_method(account, label="Old", expires_on=date(2027, 1, 31)),
        a_method(account, label="Usual", default=True),
        gone,
    )

    selection = "paymentMethods { label default expiresOn }"
    for_payer = await of_account(billing, a_caller(account), account, selection)
    for_reader = await of_account(billing, a_caller(account, may=READER), account, selection)

    assert for_payer["paymentMethods"] == [
        {"label": "Usual", "default": True, "expiresOn": None},
        {"label": "Old", "default": False, "expiresOn": "2027-01-31"},
    ]
    assert for_reader["paymentMethods"] is None


async def test_the_home_page_takes_a_constant_number_of_statements(billing: Database) -> None:
    accounts, seller = [new_id() for _ in range(10)], a_seller()
    await kept(billing, seller, *(an_invoice(seller, id) for id in accounts for _ in range(7)))
    document = """query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Account {
        invoices(view: UNPAID, first: 5) { totalCount
            nodes { id number dueOn overdue amountDue { amount currency } } }
        balances { amount currency } } } }"""
    ids = [{"__typename": "Account", "id": account_id(id)} for id in accounts]

    with statements(billing) as seen:
        data = await answered(billing, a_caller(*accounts), document, ids=ids)

    counts = [
        (len(each["invoices"]["nodes"]), each["invoices"]["totalCount"])
        for each in data["_entities"]
    ]
    assert counts == [(5, 7)] * 10
    assert len([each for each in seen if each.startswith("SELECT")]) == 3


async def test_a_cursor_of_one_account_is_good_for_another(billing: Database) -> None:
    accounts, seller = [new_id(), new_id()], a_seller()
    invoices = [
        an_invoice(seller, id, issued_on=today() - timedelta(days=n))
        for id in accounts
        for n in range(2)
    ]
    await kept(billing, seller, *invoices)
    caller = a_caller(*accounts)
    first = await of_account(
        billing, caller, accounts[0], "invoices(first: 1) { pageInfo { endCursor } }"
    )
    cursor = first["invoices"]["pageInfo"]["endCursor"]

    for id in accounts:
        data = await of_account(
            billing, caller, id, f'invoices(first: 2, after: "{cursor}") {{ nodes {{ number }} }}'
        )

        assert len(data["invoices"]["nodes"]) <= 1


async def test_a_forged_cursor_costs_its_own_field(billing: Database) -> None:
    account = new_id()

    result = await ask(
        billing,
        a_caller(account),
        """query ($id: ID!) { _entities(representations: [{__typename: "Account", id: $id}]) {
            ... on Account { invoices(after: "AAAA") { totalCount } balances { amount } } } }""",
        {"id": account_id(account)},
    )

    assert result.data == {"_entities": [{"invoices": None, "balances": []}]}
    assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID_CURSOR"}]


async def test_contracts_show_to_payers_and_to_who_manages_keys(billing: Database) -> None:
    customer, partner, seller = new_id(), new_id(), a_seller()
    contract = a_contract(customer, payer_account_id=partner, auto_renew=True)
    renewal = an_invoice(
        seller, partner, contract_id=contract.id, kind=InvoiceKind.RENEWAL, state=InvoiceState.DRAFT
    )
    await kept(billing, seller, contract, renewal)
    document = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on Contract {
        number autoRenew account { id } renewalInvoice { state } } } }"""
    reference = [{"__typename": "Contract", "id": global_id(contract)}]
    seen = {"number": contract.number, "autoRenew": True}
    of_customer = {"account": {"id": account_id(customer)}}

    payer = await answered(billing, a_caller(partner), document, r=reference)
    keys = await answered(billing, a_caller(customer, may=KEYS), document, r=reference)
    other = await answered(billing, a_caller(customer, may=READER), document, r=reference)

    assert payer["_entities"] == [
        {**seen, "account": {"id": account_id(partner)}, "renewalInvoice": {"state": "DRAFT"}}
    ]
    assert keys["_entities"] == [{**seen, **of_customer, "renewalInvoice": None}]
    assert other["_entities"] == [None]


async def test_the_latest_renewal_counts_and_void_ones_do_not(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    contract = a_contract(account)
    common: dict[str, Any] = {"contract_id": contract.id, "kind": InvoiceKind.RENEWAL}
    days = [today() - timedelta(days=n) for n in (400, 30, 1)]
    await kept(
        billing,
        *(seller, contract),
        an_invoice(seller, account, issued_on=days[0], **common),
        latest := an_invoice(seller, account, issued_on=days[1], **common),
        an_invoice(seller, account, issued_on=days[2], state=InvoiceState.VOID, **common),
    )

    data = await of_account(
        billing,
        a_caller(account),
        account,
        "contracts { totalCount nodes { renewalInvoice { number } } }",
    )

    assert data["contracts"] == {
        "totalCount": 1,
        "nodes": [{"renewalInvoice": {"number": latest.number}}],
    }


RENEWALS = """query ($before: Date!, $ids: [ID!]) { renewals(before: $before, accountIds: $ids) {
    totalCount nodes { number } } }"""


async def test_renewals_are_contracts_that_end_soon(billing: Database) -> None:
    account, other = new_id(), new_id()
    ends = {days: a_contract(account, ends_on=today() + timedelta(days=days)) for days in (0, 60)}
    await kept(
        billing,
        *ends.values(),
        a_contract(account, ends_on=today() - timedelta(days=1)),
        a_contract(account, ends_on=today() + timedelta(days=61)),
        theirs := a_contract(other),
    )
    caller, before = a_caller(account, other), str(today() + timedelta(days=60))

    both = await answered(billing, caller, RENEWALS, before=before)
    one = await answered(billing, caller, RENEWALS, before=before, ids=[account_id(other)])
    none = await answered(billing, caller, RENEWALS, before=before, ids=["acc_nonsense"])
    no_id = await answered(billing, caller, RENEWALS, before=before, ids=[])

    assert both["renewals"]["totalCount"] == 3
    assert both["renewals"]["nodes"][0] == {"number": ends[0].number}
    assert one["renewals"] == {"totalCount": 1, "nodes": [{"number": theirs.number}]}
    assert none == no_id == {"renewals": {"totalCount": 0, "nodes": []}}


async def test_renewals_of_an_account_are_also_those_that_it_pays(billing: Database) -> None:
    customer, partner = new_id(), new_id()
    contract = a_contract(customer, payer_account_id=partner)
    await kept(billing, contract)
    before = str(today() + timedelta(days=90))

    data = await answered(
        billing, a_caller(partner), RENEWALS, before=before, ids=[account_id(partner)]
    )

    assert data["renewals"]["nodes"] == [{"number": contract.number}]


async def booked(billing: Database, invoice: Invoice, *acts: tuple[Act, date, Any]) -> None:
    """Enter acts of the invoice in the books."""
    async with billing.system() as session:
        for kind, day, postings in acts:
            of_invoice: tuple[Posting, ...] = postings
            subject = new_id()
            book(
                session,
                Entry(kind, subject, invoice.payer_account_id, invoice.currency, day, of_invoice),
            )


STATEMENT = """statement(from: "2026-03-01", to: "2026-03-31") { from to
    opening { amount currency } closing { amount } documents { format sha256 } }"""


async def a_year_of_business(billing: Database) -> UUID:
    """120 EUR billed in February, 120 in March; 60 paid and 20 taken back in March, 60 in April."""
    account, seller = new_id(), a_seller()
    february = an_invoice(seller, account, issued_on=date(2026, 2, 28))
    march = an_invoice(seller, account, issued_on=date(2026, 3, 1))
    credit = a_credit_note(march, issued_on=date(2026, 3, 31))
    await kept(
        billing,
        *(seller, february, march, credit),
        a_document(february, sha256="f" * 64),
        a_document(march, sha256="a" * 64),
        a_document(march, sha256="b" * 64, format=DocumentFormat.UBL),
        a_document(credit, sha256="c" * 64),
    )
    total = issued(february.id, 100_00, 20_00)
    await booked(
        billing,
        february,
        (Act.INVOICE_ISSUED, date(2026, 2, 28), total),
        (Act.PAYMENT_SETTLED, date(2026, 3, 15), settled([(february.id, 60_00)])),
        (Act.PAYMENT_SETTLED, date(2026, 4, 1), settled([(february.id, 60_00)])),
    )
    await booked(
        billing,
        march,
        (Act.INVOICE_ISSUED, date(2026, 3, 1), issued(march.id, 100_00, 20_00)),
        (
            Act.CREDIT_ISSUED,
            date(2026, 3, 31),
            credited(march.id, 20_00, tax=20_00, total=120_00),
        ),
    )
    return account


async def test_a_statement_is_what_the_books_say_of_the_period(billing: Database) -> None:
    account = await a_year_of_business(billing)

    data = await of_account(billing, a_caller(account, may=READER), account, STATEMENT)

    assert data["statement"] == {
        "from": "2026-03-01",
        "to": "2026-03-31",
        "opening": {"amount": "120.00", "currency": "EUR"},
        "closing": {"amount": "160.00"},
        "documents": [
            {"format": "PDF", "sha256": "a" * 64},
            {"format": "PDF", "sha256": "c" * 64},
        ],
    }


async def test_nobody_billed_has_no_statement(billing: Database) -> None:
    account = new_id()

    data = await of_account(billing, a_caller(account), account, STATEMENT)

    assert data == {"statement": None}


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03-02", "2026-03-01"), ("2025-01-01", "2026-01-03")]
)
async def test_a_statement_is_of_a_year_at_the_most(
    billing: Database, first: str, last: str
) -> None:
    account = new_id()

    result = await ask(
        billing,
        a_caller(account),
        """query ($id: ID!, $from: Date!, $to: Date!) {
            _entities(representations: [{__typename: "Account", id: $id}]) {
                ... on Account { statement(from: $from, to: $to) { from } } } }""",
        {"id": account_id(account), "from": first, "to": last},
    )

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]


async def test_staff_with_the_right_everywhere_see_any_account(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    await kept(billing, seller, an_invoice(seller, account))

    data = await of_account(
        billing,
        a_desk(Capability.INVOICE_READ),
        account,
        "balances { amount } paymentMethods { id }",
    )

    assert data == {"balances": [{"amount": "120.00"}], "paymentMethods": None}


async def test_a_reference_to_a_foreign_payment_is_none(billing: Database) -> None:
    data = await answered(
        billing,
        a_caller(new_id()),
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Payment { state } } }",
        r=[{"__typename": "Payment", "id": to_global("pay", new_id())}],
    )

    assert data == {"_entities": [None]}
