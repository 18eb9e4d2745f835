"""The operations show everything that clients can write, and mostly are valid."""

from random import Random

import pytest
from graphql import build_schema, parse, validate

from tests.fuzz.operations import operation

_SCHEMA = build_schema("""
    type Query { book(id: ID!, filter: Filter): Book found(many: [[Int!]]): [Found] again: Query }
    type Mutation { sell(times: Int! = 1): Book }
    union Found = Book | Film
    interface Named { name(style: Mood = SHY, at: Json): String }
    type Book implements Named { id: ID! name(style: Mood = SHY, at: Json): String films: [Film!]! }
    type Film implements Named { id: ID! name(style: Mood = SHY, at: Json): String }
    input Filter { text: String = "all" many: [Float!] on: Boolean deeper: Filter }
    enum Mood { CALM SHY }
    scalar Json
""")
_ASKED = [each for seed in range(200) for each in operation(_SCHEMA, ["early"], Random(seed))]


def test_a_seed_gives_the_same_operation_each_time() -> None:
    assert operation(_SCHEMA, ["early"], Random(7)) == operation(_SCHEMA, ["early"], Random(7))


@pytest.mark.parametrize(
    "text",
    [
        "mutation",
        "... on Book",
        "... on Named",
        "fragment F1",
        "@skip(if: $",
        "@include(if: true)",
        "__typename",
        "__schema",
        ": Filter = {",
        "many: [[",
        "style: CALM",
        "filter: null",
        "deeper: $",
        "x: ",
    ],
)
def test_some_operations_have(text: str) -> None:
    assert any(text in asked.text for asked in _ASKED)


def test_variables_are_given_and_left_out() -> None:
    defined = [asked for asked in _ASKED if "$v0" in asked.text]

    assert {"v0" in asked.variables for asked in defined} == {True, False}
    assert {bool(asked.labels) for asked in _ASKED} == {True, False}


def test_most_operations_are_valid() -> None:
    valid = [asked for asked in _ASKED[::3] if not validate(_SCHEMA, parse(asked.text))]

    assert len(valid) > 0.6 * len(_ASKED[::3])
