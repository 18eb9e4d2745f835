"""Lists of invoices: views, filters, orders, pages."""

from datetime import timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id
from services.billing.models import (
    InvoiceKind,
    InvoiceState,
)
from tests.support.billing import (
    a_caller,
    a_seller,
    account_id,
    an_invoice,
    answered,
    ask,
    kept,
    today,
)

STATES = tuple(InvoiceState)
LIST = """query ($account: ID!, $view: InvoiceView, $filter: InvoiceFilter, $order: InvoiceOrder) {
    _entities(representations: [{__typename: "Account", id: $account}]) { ... on Account {
        invoices(view: $view, filter: $filter, orderBy: $order, first: 100) {
            totalCount nodes { number purchaseOrder state } } } } }"""


async def listed(billing: Database, account: Any, **variables: Any) -> list[dict[str, Any]]:
    data = await answered(
        billing, a_caller(account), LIST, account=account_id(account), **variables
    )
    found = data["_entities"][0]["invoices"]
    assert found["totalCount"] == len(found["nodes"])
    nodes: list[dict[str, Any]] = found["nodes"]
    return nodes


@pytest.mark.parametrize(
    ("view", "states"),
    [
        ("CURRENT", {"DRAFT", "OPEN", "PROCESSING"}),
        ("UPCOMING", {"DRAFT"}),
        ("UNPAID", {"OPEN", "PROCESSING"}),
        ("OVERDUE", {"OPEN", "PROCESSING"}),
        ("PAST", {"PAID", "VOID", "UNCOLLECTIBLE"}),
        ("UP_FOR_RENEWAL", set()),
        ("ALL", set(STATES)),
    ],
)
async def test_views_are_states(billing: Database, view: str, states: set[str]) -> None:
    account, seller = new_id(), a_seller()
    late = today() - timedelta(days=3)
    invoices = [an_invoice(seller, account, state=state, due_on=late) for state in STATES]
    await kept(billing, seller, *invoices)

    found = await listed(billing, account, view=view)

    assert {invoice["state"] for invoice in found} == states


async def test_renewals_and_maintenance_are_up_for_renewal(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoices = [
        an_invoice(seller, account, kind=kind, purchase_order=kind.name, state=InvoiceState.DRAFT)
        for kind in InvoiceKind
    ]
    await kept(billing, seller, *invoices)

    found = await listed(billing, account, view="UP_FOR_RENEWAL")

    assert {invoice["purchaseOrder"] for invoice in found} == {"RENEWAL", "MAINTENANCE"}


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({"state": ["PAID", "VOID"]}, {"b"}),
        ({"state": []}, set()),
        ({"kind": "RENEWAL"}, {"c"}),
        ({"currency": "USD"}, {"b"}),
        ({"issuedAfter": str(today() - timedelta(days=1))}, {"a", "c"}),
        ({"dueBefore": str(today() + timedelta(days=1))}, {"b"}),
        ({"search": " acME "}, {"a"}),
        ({"search": "100%_"}, {"b"}),
        ({"search": "%"}, {"b"}),
        ({"search": "\\"}, set()),
        ({"search": "日本"}, {"c"}),
    ],
)
async def test_filters_narrow(billing: Database, filter: dict[str, Any], found: set[str]) -> None:
    account, seller = new_id(), a_seller()
    before = today() - timedelta(days=40)
    await kept(
        billing,
        seller,
        an_invoice(seller, account, purchase_order="a", search_text="FR-1 Acme"),
        an_invoice(
            seller,
            account,
            purchase_order="b",
            search_text="FR-2 100%_",
            state=InvoiceState.PAID,
            currency="USD",
            issued_on=before,
            due_on=today(),
        ),
        an_invoice(
            seller, account, purchase_order="c", search_text="日本商事", kind=InvoiceKind.RENEWAL
        ),
    )

    nodes = await listed(billing, account, view="ALL", filter=filter)

    assert {node["purchaseOrder"] for node in nodes} == found


@pytest.mark.parametrize(
    ("field", "direction", "order"),
    [
        ("ISSUED_ON", "ASC", "bac"),
        ("ISSUED_ON", "DESC", "cab"),
        ("DUE_ON", "ASC", "abc"),
        ("DUE_ON", "DESC", "bac"),
        ("AMOUNT_DUE", "ASC", "cba"),
        ("AMOUNT_DUE", "DESC", "abc"),
        ("NUMBER", "ASC", "abc"),
        ("NUMBER", "DESC", "bac"),
        ("STATE", "ASC", "cab"),
    ],
)
async def test_orders_walk_page_by_page(
    billing: Database, field: str, direction: str, order: str
) -> None:
    account, seller = new_id(), a_seller()
    day, name = today(), new_id().hex
    await kept(
        billing,
        seller,
        an_invoice(
            seller, account, purchase_order="a", number=f"{name}1", issued_on=day, due_on=day
        ),
        an_invoice(
            seller,
            account,
            purchase_order="b",
            number=f"{name}2",
            issued_on=day - timedelta(days=1),
            due_on=day + timedelta(days=1),
            amount_paid=10_00,
            state=InvoiceState.PROCESSING,
        ),
        an_invoice(seller, account, purchase_order="c", state=InvoiceState.DRAFT),
    )
    caller, found, after = a_caller(account), "", None
    document = """query ($order: InvoiceOrder, $after: String) {
        invoices(orderBy: $order, first: 1, after: $after) {
            nodes { purchaseOrder } pageInfo { endCursor hasNextPage } } }"""

    for _ in range(3):
        data = await answered(
            billing,
            caller,
            document,
            order={"field": field, "direction": direction},
            after=after,
        )
        found += data["invoices"]["nodes"][0]["purchaseOrder"]
        after = data["invoices"]["pageInfo"]["endCursor"]

    assert found == order
    assert not data["invoices"]["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("first", [-1, 101])
async def test_a_page_has_from_0_to_100_invoices(billing: Database, first: int) -> None:
    result = await ask(
        billing, a_caller(new_id()), f"{{ invoices(first: {first}) {{ totalCount }} }}"
    )

    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "BAD_USER_INPUT"}


async def test_a_cursor_of_another_order_is_refused(billing: Database) -> None:
    account, seller = new_id(), a_seller()
    await kept(billing, seller, an_invoice(seller, account))
    caller = a_caller(account)
    data = await answered(billing, caller, "{ invoices { pageInfo { endCursor } } }")

    result = await ask(
        billing,
        caller,
        "query ($a: String) { invoices(orderBy: {field: NUMBER}, after: $a) { __typename } }",
        {"a": data["invoices"]["pageInfo"]["endCursor"]},
    )

    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "INVALID_CURSOR"}
