"""The subgraph's schema: as agreed, as committed, and with a rule on every root field."""

from pathlib import Path
from typing import Final

import pytest

import services.billing
from services.billing.schema import schema
from tests.support.contract import definitions, shape

COMMITTED: Final = Path(services.billing.__file__).parent / "schema.graphql"
CONTRACT: Final = Path(__file__).parents[2] / "contract/schema/billing.graphql"

#: What comes with further mutations, and with subscriptions.
LATER: Final = {
    "Mutation",
    "Subscription",
    "RecordPaymentInput",
    "CreditInvoiceInput",
    "InvoicePayload",
    "ContractPayload",
    "CreditNotePayload",
    "InvoiceExportPayload",
}


AGREED: Final = definitions(CONTRACT.read_text())
PRINTED: Final = definitions(schema.as_str())


@pytest.mark.parametrize("name", AGREED.keys() - LATER)
def test_a_type_has_all_that_was_agreed(name: str) -> None:
    agreed = shape(AGREED[name])

    assert agreed.items() <= shape(PRINTED[name]).items()


def test_paying_is_asked_for_as_agreed() -> None:
    agreed = shape(AGREED["Mutation"])

    assert shape(PRINTED["Mutation"]).items() <= agreed.items()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Account", ["id"]),
        ("Contract", ["id"]),
        ("CreditNote", ["id"]),
        ("Invoice", ["id", "number"]),
        ("InvoiceExport", ["id"]),
        ("Payment", ["id"]),
        ("ProductKey", ["id"]),
        ("User", ["id"]),
    ],
)
def test_entities_are_found_by_the_agreed_keys(name: str, keys: list[str]) -> None:
    found = [
        directive.arguments[0].value.value
        for directive in PRINTED[name].directives
        if directive.name.value == "key"
    ]

    assert found == keys


def test_the_committed_schema_is_not_stale() -> None:
    assert COMMITTED.read_text() == f"{schema.as_str()}\n"


def test_every_root_field_and_every_type_of_rows_says_who_may_ask() -> None:
    values = {"InvoiceDocument", "InvoiceParty", "InvoicePermissions", "Money", "UserError"}
    plain = {"Query", "Mutation", "PageInfo", "PaymentPayload", "ProductKey", "User", "_Service"}
    rows = [
        node
        for name, node in PRINTED.items()
        if shape(node) and node.kind.startswith("object_type") and name not in plain | values
        if not name.endswith(("Connection", "Edge"))
    ]
    roots = [
        field
        for root in ("Query", "Mutation")
        for field in PRINTED[root].fields
        if not field.name.value.startswith("_")
    ]

    unruled = [
        node.name.value
        for node in (*rows, *roots)
        if not {"authenticated", "requiresScopes"}
        & {directive.name.value for directive in node.directives}
    ]

    assert unruled == []
