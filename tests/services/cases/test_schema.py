"""The subgraph's schema: as agreed, as committed, and with a rule on every root field."""

from pathlib import Path
from typing import Final

import pytest

import services.cases
from services.cases.schema import schema
from tests.support.contract import definitions, shape

COMMITTED: Final = Path(services.cases.__file__).parent / "schema.graphql"
CONTRACT: Final = Path(__file__).parents[2] / "contract/schema/cases.graphql"

#: What can be done so far; the rest is agreed and comes with its mutations.
WRITING: Final = {
    "Mutation",
    "CreateCaseInput",
    "CasePayload",
    "AddCommentInput",
    "AddCommentPayload",
    "UpdateCaseInput",
    "TriageCaseInput",
}
#: What came later.
ADDED: Final = {"rateCase", "rateArticle"}


CONTRACTED: Final = definitions(CONTRACT.read_text())
AGREED: Final = {
    name: node
    for name, node in CONTRACTED.items()
    if not name.endswith(("Mutation", "Subscription", "Payload", "Input"))
}
PRINTED: Final = definitions(schema.as_str())


@pytest.mark.parametrize("name", AGREED)
def test_a_type_has_all_that_was_agreed(name: str) -> None:
    agreed = shape(AGREED[name])

    assert agreed.items() <= shape(PRINTED[name]).items()


@pytest.mark.parametrize("name", sorted(WRITING))
def test_what_can_be_done_is_done_as_agreed(name: str) -> None:
    written = shape(PRINTED[name])

    assert written
    agreed = {field: kind for field, kind in written.items() if field not in ADDED}
    assert agreed.items() <= shape(CONTRACTED[name]).items()


@pytest.mark.parametrize(("name", "keys"), [("Case", ["id", "number"]), ("CaseFile", ["id"])])
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
    roots_and_values = {
        *("Query", "Mutation", "Subscription", "Viewer"),
        *("CaseParticipant", "CasePermissions", "CaseSla", "PageInfo", "UserError", "_Service"),
    }
    rows = [
        node
        for name, node in PRINTED.items()
        if shape(node) and node.kind.startswith("object_type") and name not in roots_and_values
        if not name.endswith(("Connection", "Edge", "Payload"))
    ]
    roots = [
        field
        for name in ("Query", "Mutation", "Subscription")
        for field in PRINTED[name].fields
        if not field.name.value.startswith("_")
    ]
    # The caller itself is public: `me` is null without credentials. All that is known of it is not.
    of_caller = [field for field in PRINTED["Viewer"].fields if field.name.value != "id"]

    unruled = [
        node.name.value
        for node in (*rows, *roots, *of_caller)
        if not {"authenticated", "requiresScopes"}
        & {directive.name.value for directive in node.directives}
    ]

    assert unruled == []
