"""A type may implement an interface in one subgraph and not in another.

A fragment on the interface means the types that the supergraph knows, each subgraph is asked
only about types that it has in that place.
"""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph, by

TOOLS = """
    type Query {
      tools: [Tool!]!
      rentables: [Rentable!]!
      rentable(id: ID!): Rentable
      saw: Saw
    }
    union Tool = Saw | Drill
    interface Rentable { id: ID! }
    type Saw @key(fields: "id") { id: ID! teeth: Int }
    type Drill implements Rentable @key(fields: "id") { id: ID! watts: Int }
"""
RENTAL = """
    type Query { rented: [Rentable!]! }
    interface Rentable { id: ID! }
    type Saw implements Rentable @key(fields: "id") { id: ID! rate: Int }
"""
SAW = {"__typename": "Saw", "id": "s", "teeth": 24}
DRILL = {"__typename": "Drill", "id": "d", "watts": 700}


def a_shed() -> Federation:
    rates = [{"__typename": "Saw", "id": "s", "rate": 5}]
    return Federation(
        {
            "tools": Subgraph(
                TOOLS,
                {
                    "Query": {
                        "tools": [SAW, DRILL],
                        "rentables": [DRILL],
                        "rentable": lambda _, id: {"s": SAW, "d": DRILL}[id],
                        "saw": SAW,
                    }
                },
                {"Saw": by("id", [SAW])},
            ),
            "rental": Subgraph(RENTAL, {"Query": {"rented": rates}}, {"Saw": by("id", rates)}),
        }
    )


async def test_a_fragment_on_the_interface_matches_types_that_implement_it_elsewhere() -> None:
    shed = a_shed()

    answer = await shed.answer("{ tools { ... on Rentable { id } } }")

    assert (answer.data, answer.errors) == ({"tools": [{"id": "s"}, {"id": "d"}]}, [])
    assert shed.asked == ["tools"]


def test_it_is_sent_as_fragments_on_the_members() -> None:
    assert a_shed().plan("{ tools { ... on Rentable { id } } }") == dedent(
        """\
        #0 tools
            {
              tools {
                __typename
                ... on Drill {
                  id
                }
                ... on Saw {
                  id
                }
              }
            }"""
    )


async def test_a_type_that_does_not_implement_it_here_is_not_asked_for_here() -> None:
    shed = a_shed()

    answer = await shed.answer("{ rentables { id ... on Saw { teeth } ... on Drill { watts } } }")

    assert (answer.data, answer.errors) == ({"rentables": [{"id": "d", "watts": 700}]}, [])
    assert "Saw" not in shed.calls[0].document


async def test_an_object_of_a_type_that_the_subgraph_may_not_answer_is_its_error() -> None:
    answer = await a_shed().answer('{ rentable(id: "s") { id ... on Saw { teeth } } }')

    assert answer.data == {"rentable": None}
    assert answer.faults == [("SUBGRAPH_ERROR", "rentable")]


@pytest.mark.parametrize("condition", ["Rentable", "Saw"])
async def test_a_fragment_on_an_object_is_the_objects_own_fields(condition: str) -> None:
    shed = a_shed()

    answer = await shed.answer(f"{{ saw {{ ... on {condition} {{ id __typename }} teeth }} }}")

    assert answer.data == {"saw": {"id": "s", "__typename": "Saw", "teeth": 24}}
    assert shed.asked == ["tools"]


async def test_the_members_own_fields_may_be_in_the_subgraph_that_makes_it_implement() -> None:
    shed = a_shed()

    answer = await shed.answer("{ tools { ... on Rentable { id ... on Saw { rate } } } }")

    assert answer.errors == []
    assert answer.data == {"tools": [{"id": "s", "rate": 5}, {"id": "d"}]}
    assert shed.representations == [{"__typename": "Saw", "id": "s"}]


async def test_from_the_other_subgraph_the_type_is_known_there() -> None:
    shed = a_shed()

    answer = await shed.answer("{ rented { id ... on Saw { teeth rate } ... on Drill { watts } } }")

    assert answer.errors == []
    assert answer.data == {"rented": [{"id": "s", "teeth": 24, "rate": 5}]}
    assert "Drill" not in shed.calls[0].document
