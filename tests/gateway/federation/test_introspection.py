"""What an operation asks about the schema, or of the root's own type, the gateway answers.

Clients see one schema, without anything of federation's own.
"""

import pytest
from graphql import (
    build_client_schema,
    get_introspection_query,
    parse,
    print_schema,
    validate,
)

from tests.support.federation import Federation, Subgraph, by

BAKERY = """
    type Query { loaf: Loaf }
    type Mutation { bake(what: Order!): Loaf @deprecated(reason: "Buy") }
    "Bread, by its number."
    type Loaf implements Sold @key(fields: "id") { id: ID! price: Int @shareable }
    interface Sold { price: Int }
    input Order { grams: Int = 500 secret: Int @inaccessible }
"""
TILL = """
    type Query { sales: [Sale!]! }
    type Loaf @key(fields: "id") { id: ID! price: Int @shareable sold: Int }
    union Sale = Loaf | Tip
    type Tip { sum: Int }
"""


def a_bakery() -> Federation:
    loaf = {"id": "1", "price": 4, "sold": 30}
    return Federation(
        {
            "bakery": Subgraph(BAKERY, {"Query": {"loaf": loaf}, "Mutation": {"bake": loaf}}),
            "till": Subgraph(TILL, {"Query": {"sales": []}}, {"Loaf": by("id", [loaf])}),
        }
    )


async def test_tools_find_the_whole_schema_and_nothing_of_federation() -> None:
    bakery = a_bakery()

    answer = await bakery.answer(get_introspection_query())

    assert answer.data is not None
    schema = build_client_schema(answer.data)  # type: ignore[arg-type]
    assert print_schema(schema) == print_schema(bakery.graph.supergraph.api_schema)
    assert schema.type_map.keys().isdisjoint({"join__Graph", "link__Import", "_Any", "_Entity"})
    assert {each.name for each in schema.directives}.isdisjoint({"key", "inaccessible", "link"})
    assert bakery.asked == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ __typename }", {"__typename": "Query"}),
        ("{ a: __typename b: __typename }", {"a": "Query", "b": "Query"}),
        ("{ ... on Query { __typename } }", {"__typename": "Query"}),
        ('{ __type(name: "Loaf") { kind name } }', {"__type": {"kind": "OBJECT", "name": "Loaf"}}),
        ('{ __type(name: "Nothing") { name } }', {"__type": None}),
        ("mutation { __typename }", {"__typename": "Mutation"}),
    ],
)
async def test_no_subgraph_is_asked_about_the_schema(text: str, expected: object) -> None:
    bakery = a_bakery()

    answer = await bakery.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert bakery.asked == []


async def test_questions_about_schema_and_data_are_answered_together_in_their_order() -> None:
    bakery = a_bakery()

    answer = await bakery.answer(
        """{
          __typename
          loaf { price sold }
          __type(name: "Sale") { possibleTypes { name } }
          root: __typename
        }"""
    )

    assert answer.data == {
        "__typename": "Query",
        "loaf": {"price": 4, "sold": 30},
        "__type": {"possibleTypes": [{"name": "Loaf"}, {"name": "Tip"}]},
        "root": "Query",
    }
    assert list(answer.data) == ["__typename", "loaf", "__type", "root"]
    assert bakery.asked == ["bakery", "till"]


def test_the_plan_of_such_an_operation_has_the_data_alone() -> None:
    bakery = a_bakery()

    assert bakery.plan("{ __typename }") == ""
    assert bakery.plan("{ __schema { queryType { name } } loaf { id } }").startswith("#0 bakery")
    assert "__schema" not in bakery.plan("{ __schema { queryType { name } } loaf { id } }")


async def test_variables_and_fragments_serve_both_sides() -> None:
    bakery = a_bakery()

    answer = await bakery.answer(
        """query ($type: String!, $with: Boolean!) {
          __type(name: $type) { ...Named fields @include(if: $with) { name } }
          loaf @skip(if: $with) { id }
        }
        fragment Named on __Type { name }""",
        {"type": "Tip", "with": True},
    )

    assert answer.errors == []
    assert answer.data == {"__type": {"name": "Tip", "fields": [{"name": "sum"}]}}
    assert bakery.asked == []


async def test_descriptions_deprecations_and_defaults_are_told() -> None:
    answer = await a_bakery().answer(
        """{
          loaf: __type(name: "Loaf") { description interfaces { name } }
          order: __type(name: "Order") { inputFields { name defaultValue } }
          mutation: __type(name: "Mutation") {
            fields(includeDeprecated: true) { isDeprecated deprecationReason }
          }
        }"""
    )

    assert answer.data == {
        "loaf": {"description": "Bread, by its number.", "interfaces": [{"name": "Sold"}]},
        "order": {"inputFields": [{"name": "grams", "defaultValue": "500"}]},
        "mutation": {"fields": [{"isDeprecated": True, "deprecationReason": "Buy"}]},
    }


def test_clients_cannot_ask_what_subgraphs_are_asked() -> None:
    schema = a_bakery().graph.supergraph.api_schema

    for text in ("{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"):
        assert validate(schema, parse(text)) != []
