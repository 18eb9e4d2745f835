"""Payments, credit notes and exports by reference, and who finds them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.contract import Capability, ExportFormat, JobState
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models import DocumentFormat, InvoiceExport, InvoiceState, PaymentState
from tests.support.billing import (
    READER,
    a_caller,
    a_credit_note,
    a_document,
    a_payment,
    a_seller,
    an_allocation,
    an_invoice,
    answered,
    global_id,
    kept,
)


async def entity(
    billing: Database, caller: Principal, typename: str, id: str, selection: str
) -> Any:
    """What the caller finds under the reference."""
    data = await answered(
        billing,
        caller,
        f"""query ($r: [_Any!]!) {{ _entities(representations: $r) {{
            ... on {typename} {{ {selection} }} }} }}""",
        r=[{"__typename": typename, "id": id}],
    )
    return data["_entities"][0]


async def test_a_payment_tells_what_it_paid(billing: Database) -> None:
    payer, seller = new_id(), a_seller()
    invoices = [an_invoice(seller, payer, state=InvoiceState.PAID) for _ in range(2)]
    settled_at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    payment = a_payment(
        payer,
        amount=240_00,
        state=PaymentState.SUCCEEDED,
        reference="R-1",
        created_at=settled_at - timedelta(minutes=1),
        settled_at=settled_at,
    )
    parts = [an_allocation(payment, invoice, 120_00) for invoice in invoices]
    await kept(billing, seller, *invoices, payment, *parts)
    selection = "amount { amount } reference createdAt settledAt failure invoices { number }"

    mine = await entity(
        billing, a_caller(payer, may=READER), "Payment", global_id(payment), selection
    )
    theirs = await entity(billing, a_caller(new_id()), "Payment", global_id(payment), selection)

    assert mine == {
        "amount": {"amount": "240.00"},
        "reference": "R-1",
        "createdAt": "2026-11-20T07:59:00Z",
        "settledAt": "2026-11-20T08:00:00Z",
        "failure": None,
        "invoices": [{"number": invoice.number} for invoice in invoices],
    }
    assert theirs is None


async def test_a_credit_note_shows_the_copy_to_print(billing: Database) -> None:
    payer, seller = new_id(), a_seller()
    invoice = an_invoice(seller, payer, amount_credited=20_00)
    note = a_credit_note(invoice, reason="Fewer seats")
    await kept(
        billing,
        *(seller, invoice, note),
        a_document(note, format=DocumentFormat.UBL),
        a_document(note, format=DocumentFormat.PDF),
    )
    selection = "number reason amount { amount currency } invoice { number } document { format }"

    mine = await entity(
        billing, a_caller(payer, may=READER), "CreditNote", global_id(note), selection
    )
    theirs = await entity(billing, a_caller(new_id()), "CreditNote", global_id(note), selection)

    assert mine == {
        "number": note.number,
        "reason": "Fewer seats",
        "amount": {"amount": "20.00", "currency": "EUR"},
        "invoice": {"number": invoice.number},
        "document": {"format": "PDF"},
    }
    assert theirs is None


def an_export(requester: Principal, account: Any, **values: Any) -> InvoiceExport:
    """A file that this caller asked for."""
    return InvoiceExport(
        requested_by_id=requester.id,
        account_ids=[account],
        principal=None,
        format=ExportFormat.XLSX,
        **values,
    )


@pytest.mark.parametrize(
    ("state", "fetchable"),
    [(JobState.QUEUED, False), (JobState.DONE, True), (JobState.EXPIRED, False)],
)
async def test_an_export_can_be_fetched_once_it_is_done(
    billing: Database, state: JobState, fetchable: bool
) -> None:
    account = new_id()
    caller = a_caller(account, may=READER)
    export = an_export(caller, account, state=state, row_count=7)
    await kept(billing, export)

    data = await answered(
        billing,
        caller,
        "query ($id: ID!) { invoiceExport(id: $id) { format state rowCount url } }",
        id=global_id(export),
    )

    found = data["invoiceExport"]
    assert (found["format"], found["state"], found["rowCount"]) == ("XLSX", state, 7)
    assert (found["url"] is not None) is fetchable


async def test_an_export_is_its_requesters_while_they_read_the_invoices(billing: Database) -> None:
    account = new_id()
    requester = a_caller(account, may=READER)
    export = an_export(requester, account)
    await kept(billing, export)
    demoted = Principal(
        kind=requester.kind,
        id=requester.id,
        accounts={account: frozenset({Capability.INVOICE_PAY})},
    )

    async def sees(caller: Principal) -> bool:
        id = global_id(export)
        return await entity(billing, caller, "InvoiceExport", id, "state") is not None

    assert await sees(requester)
    assert not await sees(demoted)
    assert not await sees(a_caller(account, may=READER))
