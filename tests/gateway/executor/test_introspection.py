"""What the gateway answers about its own schema."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.executor.introspection import asks_about_schema, introspect
from gateway.operation.normalise import normalise

SCHEMA = build_schema("type Query { shop: Shop } type Shop { name: String }")


def operation_in(text: str) -> OperationDefinitionNode:
    [operation] = [
        node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)
    ]
    return operation


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ('{ __type(name: "Shop") { name } shop { name } }', {}, {"__type": {"name": "Shop"}}),
        ("{ s: __schema { queryType { name } } }", {}, {"s": {"queryType": {"name": "Query"}}}),
        ("query ($n: String!) { a: __type(name: $n) { name } }", {"n": "Shop"},
         {"a": {"name": "Shop"}}),
        ('{ a: __type(name: "Nothing") { name } }', {}, {"a": None}),
        ('{ ...F } fragment F on Query { ... { __type(name: "Shop") { ...T } shop { name } } }'
         " fragment T on __Type { name }", {}, {"__type": {"name": "Shop"}}),
        ('query ($on: Boolean!) { ...F @include(if: $on) } '
         'fragment F on Query { __type(name: "Shop") { name } }', {"on": False}, {}),
        ("{ shop { name } __typename }", {}, {}),
    ],
)  # fmt: skip
def test_only_what_is_asked_about_the_schema_is_answered(
    text: str, variables: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert introspect(SCHEMA, parse(text), operation_in(text), variables) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ shop { name } }", False),
        ("{ __typename }", False),
        ("{ __schema: shop { name } }", False),
        ("{ s: __schema { description } }", True),
        ('{ ... { __type(name: "Shop") { name } } }', True),
    ],
)
def test_it_is_known_without_a_look_at_the_document(text: str, expected: bool) -> None:
    operation = normalise(parse(text), operation_in(text), SCHEMA, {})

    assert asks_about_schema(operation) is expected
