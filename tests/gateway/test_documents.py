"""Documents and their variables."""

from typing import Any

import pytest
from graphql import build_schema

from gateway.documents import Documents
from gateway.errors import DocumentError
from gateway.operation.limits import Limits

SCHEMA = build_schema("type Query { a: Int b(n: Int = 7): Int }")


def documents() -> Documents:
    return Documents(SCHEMA, Limits(), introspection=False, size=10)


def test_a_document_is_judged_once() -> None:
    kept = documents()

    assert kept.prepare("{ a }", None) is kept.prepare("{ a }", None)


@pytest.mark.parametrize(("given", "value"), [({}, True), ({"with": False}, False)])
def test_a_condition_takes_its_default_or_what_is_given(given: dict[str, Any], value: bool) -> None:
    kept = documents()
    document = kept.prepare("query ($with: Boolean = true) { a @include(if: $with) }", None)

    assert kept.variables(document, given) == {"with": value}


@pytest.mark.parametrize("directive", ["include", "skip"])
def test_a_condition_that_is_null_is_refused(directive: str) -> None:
    kept = documents()
    text = f"query ($with: Boolean = true) {{ a @{directive}(if: $with) }}"

    with pytest.raises(DocumentError) as refused:
        kept.variables(kept.prepare(text, None), {"with": None})

    [error] = refused.value.errors
    assert error.extensions == {"code": "BAD_USER_INPUT"}
    assert "'$with'" in error.message
    assert error.locations is not None


def test_any_other_variable_may_be_null() -> None:
    kept = documents()
    document = kept.prepare("query ($n: Int = 1) { b(n: $n) }", None)

    assert kept.variables(document, {"n": None}) == {"n": None}
