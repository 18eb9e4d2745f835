"""An interface object, and an interface, whose keys let nobody in (`resolvable: false`): what lies
inside cannot be reached from outside, and what is at hand needs no key.
"""

from pathlib import Path

from tests.support.federation import Federation, Subgraph, by, never

MENU = """
type Query { asset: Asset dish: Dish! dishes: [Dish!]! }
interface Asset @key(fields: "id") { id: ID! }
type Dish @interfaceObject @key(fields: "id", resolvable: false) { id: ID! }
"""
KITCHEN = """
type Query { tagged: Asset! }
type Asset @interfaceObject @key(fields: "id", resolvable: false) { id: ID! tag: String! }
interface Dish @key(fields: "id") { id: ID! }
type Soup implements Dish @key(fields: "id") { id: ID! name: String! }
type Pie implements Dish @key(fields: "id") { id: ID! name: String! }
"""
SUPERGRAPH = Path(__file__).parent / "supergraphs" / "closed_interface_objects.graphql"

SOUP = {"__typename": "Soup", "id": "1", "name": "Borscht"}
PIE = {"__typename": "Pie", "id": "2", "name": "Rhubarb"}


def a_restaurant() -> Federation:
    return Federation(
        {
            "menu": Subgraph(
                MENU,
                {
                    "Query": {
                        "asset": {"__typename": "Soup", "id": "9"},
                        "dish": {"id": "1"},
                        "dishes": [{"id": "1"}, {"id": "2"}],
                    }
                },
            ),
            "kitchen": Subgraph(
                KITCHEN,
                {"Query": {"tagged": {"id": "9", "tag": "old"}}},
                {"Dish": by("id", [SOUP, PIE]), "Soup": never, "Pie": never},
            ),
        },
        supergraph=SUPERGRAPH.read_text(),
    )


async def test_a_field_behind_a_closed_key_cannot_be_reached() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ asset { tag } }")

    assert answer.data is None
    assert answer.faults == [("QUERY_PLAN_IMPOSSIBLE", "")]
    assert restaurant.asked == []


async def test_one_field_that_cannot_be_reached_refuses_the_whole_operation() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ dish { id } asset { id tag } tagged { tag } }")

    assert answer.data is None
    assert answer.faults == [("QUERY_PLAN_IMPOSSIBLE", "")]
    assert restaurant.asked == []


async def test_an_interface_that_nobody_implements_there_is_the_subgraphs_error() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ asset { id } }")

    assert answer.data == {"asset": None}
    assert answer.faults == [("SUBGRAPH_ERROR", "asset")]


async def test_fields_of_the_interface_object_are_at_hand_inside() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ tagged { id tag } }")

    assert answer.errors == []
    assert answer.data == {"tagged": {"id": "9", "tag": "old"}}
    assert restaurant.asked == ["kitchen"]


async def test_the_key_is_at_hand_where_nobody_may_enter() -> None:
    restaurant = a_restaurant()
    text = "{ dish { id } }"

    answer = await restaurant.answer(text)

    assert answer.errors == []
    assert answer.data == {"dish": {"id": "1"}}
    assert restaurant.plan(text) == (
        """\
#0 menu
    {
      dish {
        id
      }
    }"""
    )


async def test_a_field_of_the_types_is_none_of_the_interface() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ dish { id name } }")

    assert answer.data is None
    assert answer.faults == [("GRAPHQL_VALIDATION_FAILED", "")]


async def test_a_closed_interface_object_can_be_left_to_learn_the_type() -> None:
    restaurant = a_restaurant()
    text = "{ dish { ... on Soup { id } } }"

    answer = await restaurant.answer(text)

    assert answer.errors == []
    assert answer.data == {"dish": {"id": "1"}}
    assert restaurant.plan(text) == (
        """\
#0 menu
    {
      dish {
        id
      }
    }
#1 kitchen, after #0
  $r0: dish, any type as Dish by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Dish {
          __typename
          ... on Soup {
            id
          }
        }
      }
    }"""
    )


async def test_an_object_of_another_type_has_no_keys() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ dish { ... on Pie { id name } } }")

    assert answer.errors == []
    assert answer.data == {"dish": {}}


async def test_fields_of_each_type_come_with_the_type_in_one_request() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer(
        "{ dishes { id __typename ... on Soup { name } ... on Pie { name } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "dishes": [
            {"id": "1", "__typename": "Soup", "name": "Borscht"},
            {"id": "2", "__typename": "Pie", "name": "Rhubarb"},
        ]
    }
    assert restaurant.asked == ["menu", "kitchen"]
    assert restaurant.representations == [
        {"__typename": "Dish", "id": "1"},
        {"__typename": "Dish", "id": "2"},
    ]


async def test_the_type_alone_is_asked_of_who_knows_it() -> None:
    restaurant = a_restaurant()

    answer = await restaurant.answer("{ dish { __typename } }")

    assert answer.errors == []
    assert answer.data == {"dish": {"__typename": "Soup"}}
    assert restaurant.asked == ["menu", "kitchen"]


async def test_an_object_that_nobody_knows_has_no_type_to_tell() -> None:
    restaurant = Federation(
        {
            "menu": Subgraph(MENU, {"Query": {"dishes": [{"id": "7"}]}}),
            "kitchen": Subgraph(KITCHEN, references={"Dish": by("id", [SOUP])}),
        },
        supergraph=SUPERGRAPH.read_text(),
    )

    answer = await restaurant.answer("{ dishes { __typename } }")

    assert answer.data is None
    assert answer.faults == [("INVALID_VALUE", "dishes.0")]
