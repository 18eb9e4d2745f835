"""The subgraph's schema: as agreed, as committed, and with a rule on every root field."""

from pathlib import Path
from typing import Final

import pytest

import services.identity
from services.identity.schema import schema
from tests.support.contract import definitions, shape

COMMITTED: Final = Path(services.identity.__file__).parent / "schema.graphql"
CONTRACT: Final = Path(__file__).parents[2] / "contract/schema/identity.graphql"

#: What comes with mutations.
WRITING: Final = ("Mutation", "Payload", "Input")


AGREED: Final = {
    name: node
    for name, node in definitions(CONTRACT.read_text()).items()
    if not name.endswith(WRITING)
}
PRINTED: Final = definitions(schema.as_str())


@pytest.mark.parametrize("name", AGREED)
def test_a_type_has_all_that_was_agreed(name: str) -> None:
    agreed = shape(AGREED[name])

    assert agreed.items() <= shape(PRINTED[name]).items()


@pytest.mark.parametrize(("name", "keys"), [("Account", ["id", "number"]), ("User", ["id"])])
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
    plain = {
        "Query",
        "Mutation",
        "UserError",
        "Viewer",
        "Address",
        "Session",
        "PageInfo",
        "_Service",
    }
    rows = [
        node
        for name, node in PRINTED.items()
        if shape(node) and node.kind.startswith("object_type") and name not in plain
        if not name.endswith(("Connection", "Edge", "Payload"))
    ]
    roots = [
        field
        for root in ("Query", "Mutation")
        for field in PRINTED[root].fields
        if not field.name.value.startswith("_")
    ]
    # The caller itself is public: `me` is null without credentials. All that is known of it is not.
    of_caller = [field for field in PRINTED["Viewer"].fields if field.name.value != "id"]

    unruled = [
        node.name.value
        for node in (*rows, *roots, *of_caller)
        if not {"authenticated", "requiresScopes"}
        & {directive.name.value for directive in node.directives or ()}
    ]

    assert unruled == []
