"""Objects whose type not everybody knows: a type that only some subgraphs have, one that clients
may not see, and one that the subgraph's own schema does not allow there.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by, never

BOX = """
type Query { tools: [Tool]! tool(n: Int!): Tool drawer: Drawer! }
interface Tool { id: ID! weight: Int }
type Saw implements Tool @key(fields: "id") { id: ID! weight: Int teeth: Int }
type Hammer implements Tool @key(fields: "id") { id: ID! weight: Int }
type Prototype implements Tool @inaccessible @key(fields: "id") { id: ID! weight: Int }
type Drawer { best: Tool! all: [Tool!]! spare: Spare }
union Spare = Saw | Prototype
"""
SHOP = """
type Query { offered: [Tool!]! }
interface Tool { id: ID! price: Int! }
type Saw implements Tool @key(fields: "id") { id: ID! price: Int! }
type Hammer implements Tool @key(fields: "id") { id: ID! price: Int! }
type Prototype implements Tool @inaccessible @key(fields: "id") { id: ID! price: Int! }
type Drill implements Tool @key(fields: "id") { id: ID! weight: Int price: Int! }
"""

SAW = {"__typename": "Saw", "id": "s", "weight": 2, "teeth": 60}
HAMMER = {"__typename": "Hammer", "id": "h", "weight": 3}
PROTOTYPE = {"__typename": "Prototype", "id": "p", "weight": 1}
DRILL = {"__typename": "Drill", "id": "d", "weight": 4}


def a_workshop(*tools: Any) -> Federation:
    def offered(row: dict[str, Any], price: int) -> dict[str, Any]:
        return {**row, "price": price}

    prices = [offered(SAW, 20), offered(HAMMER, 15), offered(PROTOTYPE, 999), offered(DRILL, 80)]
    return Federation(
        {
            "box": Subgraph(
                BOX,
                {
                    "Query": {
                        "tools": list(tools),
                        "tool": lambda _, n: tools[n],
                        "drawer": {"best": tools[0], "all": list(tools), "spare": tools[0]},
                    }
                },
                {"Saw": by("id", [SAW]), "Hammer": never, "Prototype": never},
            ),
            "shop": Subgraph(
                SHOP,
                {"Query": {"offered": [each for each in prices if each["price"] < 100]}},
                {each["__typename"]: by("id", [each]) for each in prices},
            ),
        }
    )


async def test_a_hidden_type_is_null_to_clients() -> None:
    workshop = a_workshop(SAW, PROTOTYPE, HAMMER)

    answer = await workshop.answer("{ tools { __typename id } }")

    assert answer.data == {
        "tools": [
            {"__typename": "Saw", "id": "s"},
            None,
            {"__typename": "Hammer", "id": "h"},
        ]
    }


async def test_a_hidden_type_takes_away_what_cannot_be_null() -> None:
    workshop = a_workshop(PROTOTYPE)

    answer = await workshop.answer("{ tool(n: 0) { id } drawer { best { id } } }")

    assert answer.data is None
    assert [path for _, path in answer.faults] == ["drawer.best"]


async def test_a_hidden_member_of_a_union_is_null_to_clients() -> None:
    workshop = a_workshop(PROTOTYPE)

    answer = await workshop.answer("{ drawer { spare { __typename } } }")

    assert answer.data == {"drawer": {"spare": None}}


async def test_an_object_of_a_hidden_type_is_not_looked_up_elsewhere() -> None:
    workshop = a_workshop(PROTOTYPE, SAW)

    answer = await workshop.answer("{ tools { price } }")

    assert answer.data == {"tools": [None, {"price": 20}]}
    assert workshop.representations == [{"__typename": "Saw", "id": "s"}]


async def test_a_hidden_type_is_unknown_in_documents() -> None:
    workshop = a_workshop(SAW)

    answer = await workshop.answer("{ tools { ... on Prototype { id } } }")

    assert answer.faults == [("GRAPHQL_VALIDATION_FAILED", "")]
    assert workshop.asked == []


async def test_a_hidden_type_is_none_of_the_possible_types() -> None:
    workshop = a_workshop(SAW)

    answer = await workshop.answer('{ __type(name: "Tool") { possibleTypes { name } } }')

    assert answer.data == {
        "__type": {"possibleTypes": [{"name": "Drill"}, {"name": "Hammer"}, {"name": "Saw"}]}
    }


async def test_a_type_that_only_another_subgraph_has_is_not_asked_for_here() -> None:
    workshop = a_workshop(SAW)
    text = "{ tools { ... on Drill { id price } ... on Saw { teeth } } }"

    answer = await workshop.answer(text)

    assert answer.errors == []
    assert answer.data == {"tools": [{"teeth": 60}]}
    assert workshop.plan(text) == (
        """\
#0 box
    {
      tools {
        __typename
        ... on Saw {
          teeth
        }
      }
    }"""
    )


async def test_a_type_that_only_one_subgraph_has_is_complete_there() -> None:
    workshop = a_workshop(SAW)

    answer = await workshop.answer(
        "{ offered { __typename price ... on Drill { weight } ... on Saw { teeth } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "offered": [
            {"__typename": "Saw", "price": 20, "teeth": 60},
            {"__typename": "Hammer", "price": 15},
            {"__typename": "Drill", "price": 80, "weight": 4},
        ]
    }


async def test_a_type_that_the_subgraphs_schema_does_not_have_is_its_own_error() -> None:
    workshop = a_workshop(SAW, DRILL, HAMMER)

    answer = await workshop.answer("{ tools { id } }")

    assert answer.data == {"tools": [{"id": "s"}, None, {"id": "h"}]}
    assert answer.faults == [("SUBGRAPH_ERROR", "tools.1")]


async def test_such_an_error_stays_where_it_is_when_other_subgraphs_are_asked_too() -> None:
    workshop = a_workshop(SAW, DRILL, HAMMER)

    answer = await workshop.answer("{ tools { id price } }")

    assert answer.data == {"tools": [{"id": "s", "price": 20}, None, {"id": "h", "price": 15}]}
    assert answer.faults == [("SUBGRAPH_ERROR", "tools.1")]


@pytest.mark.parametrize("text", ["{ drawer { all { id } } }", "{ drawer { all { price } } }"])
async def test_such_an_error_takes_away_what_cannot_be_null(text: str) -> None:
    workshop = a_workshop(SAW, DRILL)

    answer = await workshop.answer(text)

    assert answer.data is None
    assert answer.faults == [("SUBGRAPH_ERROR", "drawer.all.1")]


async def test_nulls_among_the_objects_stay_nulls() -> None:
    workshop = a_workshop(None, SAW, None)

    answer = await workshop.answer("{ tools { price } }")

    assert answer.errors == []
    assert answer.data == {"tools": [None, {"price": 20}, None]}
    assert len(workshop.representations) == 1
