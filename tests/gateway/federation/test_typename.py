"""`__typename` is the type of the object as clients know it: aliased or not, at any depth,
in one subgraph's answer or put together from several.
"""

from textwrap import dedent

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

FARM = """
    type Query { plots: [Plot!]! herd: Herd beasts: [Beast!]! owned: [Owned!]! }
    union Plot = Field | Pond
    type Field @key(fields: "id") { id: ID! hectares: Int }
    type Pond @key(fields: "id") { id: ID! depth: Int }
    interface Beast { id: ID! }
    interface Owned @key(fields: "id") { id: ID! }
    type Cow implements Beast & Owned @key(fields: "id") { id: ID! }
    type Goat implements Beast & Owned @key(fields: "id") { id: ID! }
    type Herd @key(fields: "id") { id: ID! lead: Beast }
"""
VET = """
    type Query { sick: [Cow!]! }
    type Cow @key(fields: "id") { id: ID! weight: Int }
"""
TAGS = """
    type Owned @key(fields: "id") @interfaceObject { id: ID! tag: Int }
"""
COW, GOAT = {"__typename": "Cow", "id": "c"}, {"__typename": "Goat", "id": "g"}


def a_farm() -> Federation:
    plots = [
        {"__typename": "Field", "id": "f", "hectares": 3},
        {"__typename": "Pond", "id": "p", "depth": 2},
    ]
    return Federation(
        {
            "farm": Subgraph(
                FARM,
                {
                    "Query": {
                        "plots": plots,
                        "herd": {"id": "h", "lead": COW},
                        "beasts": [COW, GOAT],
                        "owned": [COW, GOAT],
                    }
                },
            ),
            "vet": Subgraph(
                VET,
                {"Query": {"sick": [COW | {"weight": 600}]}},
                {"Cow": by("id", [COW | {"weight": 600}])},
            ),
            "tags": Subgraph(TAGS, {"Owned": {"__typename": NEVER, "tag": 7}}),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{ plots { __typename kind: __typename } }",
            {
                "plots": [
                    {"__typename": "Field", "kind": "Field"},
                    {"__typename": "Pond", "kind": "Pond"},
                ]
            },
        ),
        (
            "{ plots { ... on Field { a: __typename b: __typename } ... on Pond { b: id } } }",
            {"plots": [{"a": "Field", "b": "Field"}, {"b": "p"}]},
        ),
        (
            "{ herd { __typename lead { __typename ... on Beast { type: __typename } } } }",
            {"herd": {"__typename": "Herd", "lead": {"__typename": "Cow", "type": "Cow"}}},
        ),
        (
            "{ beasts { id: __typename } }",
            {"beasts": [{"id": "Cow"}, {"id": "Goat"}]},
        ),
        (
            "{ beasts { ... on Cow { __typename weight } ... on Goat { __typename } } }",
            {"beasts": [{"__typename": "Cow", "weight": 600}, {"__typename": "Goat"}]},
        ),
        (
            "{ sick { __typename weight } }",
            {"sick": [{"__typename": "Cow", "weight": 600}]},
        ),
        (
            "{ owned { type: __typename tag } }",
            {"owned": [{"type": "Cow", "tag": 7}, {"type": "Goat", "tag": 7}]},
        ),
        (
            "{ herd { hectares: __typename } __typename }",
            {"herd": {"hectares": "Herd"}, "__typename": "Query"},
        ),
    ],
)
async def test_the_type_is_told_under_the_clients_key(text: str, expected: object) -> None:
    answer = await a_farm().answer(text)

    assert (answer.data, answer.errors) == (expected, [])


async def test_an_interface_is_never_a_type_of_an_object() -> None:
    farm = a_farm()

    answer = await farm.answer("{ owned { __typename } }")

    assert answer.data == {"owned": [{"__typename": "Cow"}, {"__typename": "Goat"}]}
    assert farm.asked == ["farm"]


def test_an_object_of_an_object_type_tells_its_type_without_a_key() -> None:
    assert a_farm().plan("{ sick { __typename weight } __typename }") == dedent(
        """\
        #0 vet
            {
              sick {
                __typename
                weight
              }
            }"""
    )


async def test_the_type_alone_needs_no_second_subgraph() -> None:
    farm = a_farm()

    await farm.answer("{ sick { __typename } herd { __typename } }")

    assert sorted(farm.asked) == ["farm", "vet"]


async def test_a_client_may_not_take_a_reserved_alias() -> None:
    farm = a_farm()

    answer = await farm.answer("{ herd { __typename: id } }")

    assert [code for code, _ in answer.faults] == ["GRAPHQL_VALIDATION_FAILED"]
    assert farm.asked == []
