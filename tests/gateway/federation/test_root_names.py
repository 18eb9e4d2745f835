"""A subgraph may call its root types as it likes: clients see Query and Mutation."""

from typing import Any

from tests.support.federation import Federation, Subgraph, by

LIGHTS = """
schema { query: Lights mutation: Switches }
type Lights { lamp(room: String!): Lamp! }
type Switches { turn(room: String!, on: Boolean!): Lamp! }
type Lamp @key(fields: "room") { room: String! isOn: Boolean! }
"""
ROOMS = """
schema { query: RoomQuery mutation: RoomMutation }
type RoomQuery { area: Int! house: House! }
type RoomMutation { paint(room: String!): Room! }
type Room { name: String! house: House! }
type House { roots: RoomQuery! rooms: [Room!]! }
type Lamp @key(fields: "room") { room: String! watt: Int! }
"""

LAMP = {"room": "hall", "isOn": False}
HOUSE: dict[str, Any] = {"roots": {}, "rooms": []}


def a_house() -> Federation:
    return Federation(
        {
            "lights": Subgraph(
                LIGHTS,
                {
                    "Lights": {"lamp": LAMP},
                    "Switches": {"turn": lambda _, room, on: {"room": room, "isOn": on}},
                },
                {"Lamp": by("room", [LAMP])},
            ),
            "rooms": Subgraph(
                ROOMS,
                {
                    "RoomQuery": {"area": 90, "house": HOUSE},
                    "RoomMutation": {"paint": {"name": "hall", "house": HOUSE}},
                },
                {"Lamp": by("room", [{"room": "hall", "watt": 40}])},
            ),
        }
    )


async def test_roots_of_all_names_are_one_query() -> None:
    house = a_house()
    text = '{ __typename lamp(room: "hall") { isOn watt } area }'

    answer = await house.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "__typename": "Query",
        "lamp": {"isOn": False, "watt": 40},
        "area": 90,
    }
    assert house.plan(text) == (
        """\
#0 lights
    {
      lamp(room: "hall") {
        isOn
        room
        __typename
      }
    }
#1 rooms
    {
      area
    }
#2 rooms, after #0
  $r0: lamp, Lamp by {room}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Lamp {
          watt
        }
      }
    }"""
    )


async def test_mutations_of_all_names_are_one_mutation() -> None:
    house = a_house()

    answer = await house.answer(
        """mutation {
          __typename turn(room: "hall", on: true) { isOn watt } paint(room: "hall") { name }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "__typename": "Mutation",
        "turn": {"isOn": True, "watt": 40},
        "paint": {"name": "hall"},
    }


async def test_a_fragment_on_the_root_is_told_by_the_name_that_clients_see() -> None:
    house = a_house()

    answer = await house.answer("{ ... on Query { area } ...Area } fragment Area on Query { area }")

    assert answer.errors == []
    assert answer.data == {"area": 90}


async def test_a_root_below_a_field_is_a_query_too() -> None:
    house = a_house()

    answer = await house.answer(
        '{ house { roots { __typename area lamp(room: "hall") { isOn watt } } } }'
    )

    assert answer.errors == []
    assert answer.data == {
        "house": {"roots": {"__typename": "Query", "area": 90, "lamp": {"isOn": False, "watt": 40}}}
    }
