"""The billing service's part of the answers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.oracle.answers import Denied, Reader, Thing, connection, resolves
from tests.e2e.oracle.identity import the_account
from tests.e2e.oracle.rows import Row

_OWING = ("OPEN", "PROCESSING")
_PAST = ("PAID", "VOID", "UNCOLLECTIBLE")
#: ISO 4217, where it is not two.
_DECIMALS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}


def is_visible(reader: Reader, invoice: Row) -> bool:
    """The rule of invoices' rows."""
    return reader.person.holds("INVOICE_READ", invoice["payer_account_id"])


def money(minor: int, currency: str) -> Row:
    """An exact amount."""
    return {"amount": Decimal(minor).scaleb(-_DECIMALS.get(currency, 2)), "currency": currency}


def due(invoice: Row) -> int:
    """What is still to be paid, in minor units."""
    if invoice["state"] not in _OWING:
        return 0
    return int(invoice["total"] - invoice["amount_paid"] - invoice["amount_credited"])


def _is_overdue(reader: Reader, invoice: Row) -> bool:
    if invoice["state"] not in _OWING or invoice["due_on"] is None:
        return False
    today = reader.now.astimezone(ZoneInfo(invoice["time_zone"])).date()
    return bool(today > invoice["due_on"])


def _in_view(reader: Reader, invoice: Row, view: str) -> bool:
    state = invoice["state"]
    match view:
        case "ALL":
            return True
        case "CURRENT":
            return state not in _PAST
        case "UPCOMING":
            return bool(state == "DRAFT")
        case "UNPAID":
            return state in _OWING
        case "OVERDUE":
            return _is_overdue(reader, invoice)
        case "PAST":
            return state in _PAST
        case "UP_FOR_RENEWAL":
            return state not in _PAST and invoice["kind"] in ("RENEWAL", "MAINTENANCE")
        case _:
            raise AssertionError(view)


def _page(reader: Reader, found: Sequence[Row], view: str, page: dict[str, Any]) -> Any:
    order = page.pop("orderBy", None) or {"field": "ISSUED_ON", "direction": "DESC"}
    found = [each for each in found if is_visible(reader, each) and _in_view(reader, each, view)]

    def place(invoice: Row) -> Any:
        match order["field"]:
            case "ISSUED_ON":
                return (invoice["listed_on"], invoice["id"])
            case "DUE_ON":
                return (invoice["due_on"] or date.max, invoice["id"])
            case _:
                raise AssertionError(order)

    ordered = sorted(found, key=place, reverse=order["direction"] == "DESC")
    return connection("Invoice", ordered, **page)


@resolves("Query", "invoices")
def invoices(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any("INVOICE_READ"):
        raise Denied
    return _page(reader, reader.rows.all("billing.invoices"), view, page)


@resolves("Account", "invoices")
def account_invoices(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any("INVOICE_READ"):
        raise Denied
    if not reader.person.holds("INVOICE_READ", row["id"]):
        return None
    found = reader.rows.all("billing.invoices", payer_account_id=row["id"])
    return _page(reader, found, view, page)


@resolves("Account", "balances")
def balances(reader: Reader, row: Row) -> Any:
    if not reader.person.holds_any("INVOICE_READ"):
        raise Denied
    if not reader.person.holds("INVOICE_READ", row["id"]):
        return None
    sums: dict[str, int] = {}
    for invoice in reader.rows.all("billing.invoices", payer_account_id=row["id"]):
        if invoice["state"] in _OWING:
            sums[invoice["currency"]] = sums.get(invoice["currency"], 0) + due(invoice)
    return [money(sums[currency], currency) for currency in sorted(sums)]


@resolves("Invoice", "overdue")
def overdue(reader: Reader, row: Row) -> Any:
    return _is_overdue(reader, row)


@resolves("Invoice", "total")
def total(reader: Reader, row: Row) -> Any:
    return money(row["total"], row["currency"])


@resolves("Invoice", "amountDue")
def amount_due(reader: Reader, row: Row) -> Any:
    return money(due(row), row["currency"])


@resolves("Invoice", "account")
def invoice_account(reader: Reader, row: Row) -> Any:
    person = reader.person
    reached = bool(person.everywhere) or row["account_id"] in person.accounts
    return the_account(reader, row["account_id" if reached else "payer_account_id"])


@resolves("Invoice", "contract")
def contract(reader: Reader, row: Row) -> Any:
    found = reader.rows.one("billing.contracts", id=row["contract_id"])
    if found is None:
        return None
    readable = reader.person.holds("INVOICE_READ", found["payer_account_id"]) or any(
        reader.person.holds(each, found["account_id"])
        for each in ("KEY_READ_ALL", "KEY_READ_GROUP")
    )
    return Thing("Contract", found) if readable else None


@resolves("Invoice", "viewerCan")
def viewer_can(reader: Reader, row: Row) -> Any:
    payable = row["state"] == "OPEN" and due(row) > 0
    return {
        "pay": payable and reader.person.holds("INVOICE_PAY", row["payer_account_id"]),
        "download": row["state"] != "DRAFT",
    }
