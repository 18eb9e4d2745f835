"""Merged trees in the client's shape."""

from typing import Any

import orjson
import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.authorization.denial import Denial
from gateway.executor.answer import MOST_ERRORS
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.projection import compile_projection
from gateway.operation.normalise import normalise

SCHEMA = build_schema("""
  type Query { pet: Pet pets: [Pet] sure: [Pet!]! dog: Dog colour: Colour json: JSON any: Any }
  interface Any { name: String! }
  union Pet = Dog | Cat
  type Dog implements Any { name: String! nick: String age: Int friend: Dog kennel: Kennel! }
  type Cat implements Any { name: String! lives: Int }
  type Kennel { size: Int! }
  enum Colour { RED BLUE }
  scalar JSON
""")
FAILURE = Failure("Down.", "SUBGRAPH_UNAVAILABLE", "dogs")
DEEP = orjson.loads("[" * 300 + "]" * 300)
DENIAL = Denial("Dog.name", "requiresScopes", "dog:read")


def shaped(
    text: str, tree: dict[str, Any], *denied: tuple[str, str]
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    document = parse(text)
    [operation] = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    projection = compile_projection(
        normalise(document, operation, SCHEMA, {}), SCHEMA, dict.fromkeys(denied, DENIAL)
    )
    return projection.shape(tree, {})


@pytest.mark.parametrize(
    ("text", "tree", "expected"),
    [
        ("{ dog { a: name name } }", {"dog": {"name": "Rex", "a": "Rex", "age": 3}},
         {"dog": {"a": "Rex", "name": "Rex"}}),
        ("{ __typename dog { __typename t: __typename } }", {"dog": {}},
         {"__typename": "Query", "dog": {"__typename": "Dog", "t": "Dog"}}),
        ("{ pet { ... on Dog { age name } ... on Cat { name } } }",
         {"pet": {"__typename": "Cat", "name": "Tom", "age": 1}}, {"pet": {"name": "Tom"}}),
        ("{ pet { ... on Dog { age } } }", {"pet": {"__typename": "Cat"}}, {"pet": {}}),
        ("{ pet { __typename } }", {"pet": {"__typename": "Robot"}}, {"pet": None}),
        ("{ pets { ... on Any { name } } }",
         {"pets": [{"__typename": "Dog", "name": "Rex"}, None]}, {"pets": [{"name": "Rex"}, None]}),
        ("{ dog { nick } }", {"dog": {}}, {"dog": {"nick": None}}),
        ("{ json }", {"json": {"x": [1]}}, {"json": {"x": [1]}}),
        ("{ colour }", {"colour": "RED"}, {"colour": "RED"}),
    ],
)  # fmt: skip
def test_data_have_the_shape_that_was_asked_for(
    text: str, tree: dict[str, Any], expected: dict[str, Any]
) -> None:
    data, errors = shaped(text, tree)

    assert errors == []
    assert data == expected
    assert list(data) == list(expected)


@pytest.mark.parametrize(
    ("text", "tree", "expected", "path"),
    [
        ("{ dog { name } }", {"dog": {"name": None}}, {"dog": None}, ["dog", "name"]),
        ("{ dog { kennel { size } } }", {"dog": {"kennel": {}}}, {"dog": None},
         ["dog", "kennel", "size"]),
        ("{ sure { __typename } }", {"sure": [{"__typename": "Dog"}, None]}, None, ["sure", 1]),
        ("{ sure { __typename } }", {}, None, ["sure"]),
        ("{ colour }", {"colour": "GREEN"}, {"colour": None}, ["colour"]),
        ("{ dog { age } }", {"dog": {"age": {"secret": 1}}}, {"dog": {"age": None}},
         ["dog", "age"]),
        ("{ dog { age } }", {"dog": ["x"]}, {"dog": None}, ["dog"]),
        ("{ pets { __typename } }", {"pets": {}}, {"pets": None}, ["pets"]),
        ("{ dog { nick } }", {"dog": {"nick": FAILURE}}, {"dog": {"nick": None}},
         ["dog", "nick"]),
        ("{ dog { name nick } }", {"dog": {"name": FAILURE}}, {"dog": None}, ["dog", "name"]),
        ("{ pets { __typename } }", {"pets": [FAILURE]}, {"pets": [None]}, ["pets", 0]),
        ("{ json }", {"json": {"x": [1, FAILURE]}}, {"json": None}, ["json"]),
        ("{ json }", {"json": DEEP}, {"json": None}, ["json"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_null_with_exactly_one_error(
    text: str, tree: dict[str, Any], expected: dict[str, Any] | None, path: list[Any]
) -> None:
    data, errors = shaped(text, tree)

    assert data == expected
    assert [error["path"] for error in errors] == [path]


def test_an_entity_that_does_not_exist_is_null_without_an_error() -> None:
    dog = {"name": ABSENT, "nick": ABSENT}

    assert shaped("{ dog { nick } }", {"dog": dog}) == ({"dog": {"nick": None}}, [])
    assert shaped("{ dog { name } }", {"dog": dog}) == ({"dog": None}, [])


def test_an_entity_that_does_not_exist_and_has_to_is_an_error() -> None:
    data, [error] = shaped(
        "{ sure { ... on Dog { name } } }", {"sure": [{"__typename": "Dog", "name": ABSENT}]}
    )

    assert data is None
    assert error["path"] == ["sure", 0]


def test_a_denied_field_is_null_and_says_which_right_it_needs() -> None:
    tree = {"dog": {"nick": "R", "name": "Rex"}}
    data, [error] = shaped("{ dog { x: nick } }", tree, ("Dog", "nick"))

    assert data == {"dog": {"x": None}}
    assert error == {
        "message": "You may not see this field.",
        "path": ["dog", "x"],
        "extensions": {
            "code": "FORBIDDEN_FIELD",
            "coordinate": "Dog.name",
            "directive": "requiresScopes",
            "required": "dog:read",
        },
    }


def test_a_denied_field_that_may_not_be_null_says_where_the_null_came_to_rest() -> None:
    data, [error] = shaped("{ dog { name } }", {"dog": {"name": "Rex"}}, ("Dog", "name"))

    assert data == {"dog": None}
    assert error["extensions"]["nulledAt"] == ["dog"]


def test_rows_are_denied_by_their_runtime_type() -> None:
    pets = [{"__typename": "Dog", "name": "Rex"}, {"__typename": "Cat", "name": "Tom"}]
    data, errors = shaped("{ pets { ... on Any { name } } }", {"pets": pets}, ("Dog", "name"))

    assert data == {"pets": [None, {"name": "Tom"}]}
    assert [error["path"] for error in errors] == [["pets", 0, "name"]]


def test_errors_are_counted_and_rows_are_not() -> None:
    rows = [{"__typename": "Dog", "name": "Rex"}] * (MOST_ERRORS + 1)
    data, errors = shaped("{ pets { ... on Any { name } } }", {"pets": rows}, ("Dog", "name"))

    assert data == {"pets": [None] * len(rows)}
    assert len(errors) == MOST_ERRORS
