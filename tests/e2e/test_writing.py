"""What the clients' mutations do, and what they leave alone, for people with different rights."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from kit.ids import from_global, to_global
from tests.e2e.oracle import billing, cases
from tests.e2e.oracle.people import Everybody, agree, everybody_of, operation
from tests.e2e.oracle.rows import Row
from tests.support.running_portal import RunningPortal

pytestmark = pytest.mark.e2e

#: Of the first account, where every demo customer has a role.
ACCOUNT = "A100000"


@pytest_asyncio.fixture(scope="module")
async def people(portal: RunningPortal) -> AsyncIterator[Everybody]:
    async with everybody_of(portal) as people:
        yield people


@pytest_asyncio.fixture
async def everybody(people: Everybody) -> Everybody:
    return await people.reread()


@pytest.mark.parametrize(
    ("login", "reopens"),
    [("administrator", True), ("individual", True), ("partner", True), ("support", False)],
)
async def test_a_customers_reply_reopens_a_resolved_case(
    everybody: Everybody, login: str, reopens: bool
) -> None:
    case = a_case(everybody, login, "RESOLVED")
    comment = {"caseId": to_global("case", case["id"]), "body": "It is back.", **a_key()}

    answered = await everybody.clients[login].ask(operation("mob_reply"), {"i": comment})

    payload = answered["data"]["addCaseComment"]
    after = await everybody.reread()
    [row] = after.rows.all("cases.cases", id=case["id"])
    assert "errors" not in answered
    assert payload["errors"] == []
    assert payload["reopened"] is reopens
    assert payload["case"] == {
        "status": "OPEN" if reopens else "RESOLVED",
        "version": row["version"],
    }
    assert row["version"] > case["version"]
    await agree(after, login, "spa_case", {"number": case["number"]})


async def test_the_same_reply_twice_is_one_comment(everybody: Everybody) -> None:
    case = a_case(everybody, "administrator", "OPEN")
    comment = {"caseId": to_global("case", case["id"]), "body": "Once.", **a_key()}
    client, text = everybody.clients["administrator"], operation("mob_reply")

    first = await client.ask(text, {"i": comment})
    second = await client.ask(text, {"i": comment})
    other = await client.ask(text, {"i": comment | {"body": "Twice."}})

    after = await everybody.reread()
    comments = after.rows.all("cases.case_comments", case_id=case["id"])
    assert first == second
    assert [each["body"] for each in comments].count("Once.") == 1
    assert codes(other, "addCaseComment") == ["IDEMPOTENCY_MISMATCH"]


async def test_a_reply_to_a_case_one_does_not_see_finds_nothing(everybody: Everybody) -> None:
    reader = everybody.reader("individual")
    hidden = next(
        each for each in everybody.rows.all("cases.cases") if not cases.is_visible(reader, each)
    )
    comment = {"caseId": to_global("case", hidden["id"]), "body": "Hello?", **a_key()}

    answered = await everybody.clients["individual"].ask(operation("mob_reply"), {"i": comment})

    assert codes(answered, "addCaseComment") == ["NOT_FOUND"]
    assert answered["data"]["addCaseComment"]["case"] is None


@pytest.mark.parametrize(
    ("login", "queue", "refusals"),
    [
        ("administrator", "TECHNICAL_SUPPORT", []),
        ("individual", "LICENSING", []),
        ("billing", "CUSTOMER_SERVICE", []),
        ("billing", "TECHNICAL_SUPPORT", ["FORBIDDEN"]),
        ("support", "TECHNICAL_SUPPORT", []),
        ("partner", "TECHNICAL_SUPPORT", ["NOT_FOUND"]),
    ],
)
async def test_a_case_is_opened_by_whoever_may(
    everybody: Everybody, login: str, queue: str, refusals: list[str]
) -> None:
    [account] = everybody.rows.all("identity.accounts", number=ACCOUNT)
    wanted = {
        "accountId": to_global("acc", account["id"]),
        "queue": queue,
        "subject": "A new case",
        "description": "It does not work.",
        "impact": "REDUCED",
        **a_key(),
    }

    answered = await everybody.clients[login].ask(operation("mut_case"), {"i": wanted})

    made = answered["data"]["createCase"]["case"]
    assert codes(answered, "createCase") == refusals
    assert (made is None) is bool(refusals)
    if made is not None:
        assert made["account"] == {"name": account["name"]}
        await agree(await everybody.reread(), login, "spa_case", {"number": made["number"]})


@pytest.mark.parametrize("login", ["administrator", "billing"])
async def test_an_invoice_is_paid_once_and_for_what_was_seen(
    everybody: Everybody, login: str
) -> None:
    invoice = an_open_invoice(everybody, login)
    client, text = everybody.clients[login], operation("mut_pay")
    order = an_order(invoice)

    wrong = await client.ask(text, {"i": order | {"expected": money(invoice, 1), **a_key()}})
    paid = await client.ask(text, {"i": order})
    again = await client.ask(text, {"i": order})
    late = await client.ask(text, {"i": order | a_key()})

    payload = paid["data"]["payInvoices"]
    assert codes(wrong, "payInvoices") == ["AMOUNT_MISMATCH"]
    assert payload["errors"] == []
    assert payload["payment"]["state"] == "SUCCEEDED"
    assert [each["state"] for each in payload["invoices"]] == ["PAID"]
    assert Decimal(payload["invoices"][0]["amountDue"]["amount"]) == 0
    assert again == paid
    assert codes(late, "payInvoices") == ["ALREADY_PAID"]
    after = await everybody.reread()
    payment = from_global("pay", payload["payment"]["id"])
    assert len(after.rows.all("billing.allocations", invoice_id=invoice["id"])) == 1
    assert after.rows.all("billing.allocations", payment_id=payment)
    await agree(after, login, "spa_invoices", {"view": "PAST"})


@pytest.mark.parametrize("login", ["individual", "support"])
async def test_who_may_not_pay_is_refused_before_anything_is_asked(
    everybody: Everybody, login: str
) -> None:
    invoice = an_open_invoice(everybody, "administrator")

    answered = await everybody.clients[login].ask(operation("mut_pay"), {"i": an_order(invoice)})

    [error] = answered["errors"]
    after = await everybody.reread()
    assert answered.get("data") is None
    assert (error["path"], error["extensions"]["code"]) == (["payInvoices"], "FORBIDDEN_FIELD")
    assert after.rows.all("billing.invoices", id=invoice["id"]) == [invoice]


def a_case(everybody: Everybody, login: str, status: str) -> Row:
    """A case of this status that the person may comment on."""
    reader = everybody.reader(login)
    return next(
        each
        for each in everybody.rows.all("cases.cases", status=status)
        if cases.is_visible(reader, each) and cases.viewer_can(reader, each)["comment"]
    )


def an_open_invoice(everybody: Everybody, login: str) -> Row:
    """An invoice that the person may pay."""
    reader = everybody.reader(login)
    return next(
        each
        for each in everybody.rows.all("billing.invoices", state="OPEN")
        if billing.viewer_can(reader, each)["pay"]
    )


def an_order(invoice: Row) -> dict[str, Any]:
    """Pays what is due on it."""
    return {
        "invoiceIds": [to_global("inv", invoice["id"])],
        "expected": money(invoice),
        "paymentMethodId": "tok_success",
        **a_key(),
    }


def money(invoice: Row, more: int = 0) -> dict[str, str]:
    """What is due, and so many minor units more."""
    amount = billing.money(billing.due(invoice) + more, invoice["currency"])
    return {"amount": str(amount["amount"]), "currency": amount["currency"]}


def a_key() -> dict[str, str]:
    """An idempotency key that was never used."""
    return {"idempotencyKey": str(uuid4())}


def codes(answered: Any, mutation: str) -> list[str]:
    """The refusals in a payload."""
    return [each["code"] for each in answered["data"][mutation]["errors"]]
