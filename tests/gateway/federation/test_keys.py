"""Keys of every form: composite, nested, several, some that lead nowhere, some that must be
learned first. An entity is named by a key that is at hand, and not by one that is not.
"""

from textwrap import dedent
from typing import Any, Final

import pytest

from tests.support.federation import Federation, Subgraph, by, never

HOTEL = """
    type Query { room: Room rooms: [Room!]! }
    type Room @key(fields: "floor door") { floor: Int! door: String! name: String }
"""
PLANS = """
    type Room @key(fields: "floor door") @key(fields: "plan { sheet { number } grid }") {
      floor: Int!
      door: String!
      plan: Plan!
    }
    type Plan @shareable { sheet: Sheet! grid: String! }
    type Sheet @shareable { number: Int! }
"""
WIRING = """
    type Query { sockets: [Room!]! }
    type Room @key(fields: "plan { sheet { number } grid }") { plan: Plan! sockets: Int }
    type Plan @shareable { sheet: Sheet! grid: String! }
    type Sheet @shareable { number: Int! }
"""
GUESTS = """
    type Query { lastGuest: Guest }
    type Guest { name: String room: Room }
    type Room @key(fields: "floor door", resolvable: false) { floor: Int! door: String! }
"""
ROOMS: Final[list[dict[str, Any]]] = [
    {
        "floor": floor,
        "door": door,
        "name": name,
        "plan": {"sheet": {"number": floor}, "grid": door.upper()},
        "sockets": sockets,
    }
    for floor, door, name, sockets in ((1, "a", "Blue", 4), (2, "a", "Red", 8))
]


def of_door(room: dict[str, Any]) -> Any:
    assert room.keys() == {"__typename", "floor", "door"}
    named = (room["floor"], room["door"])
    return next(each for each in ROOMS if (each["floor"], each["door"]) == named)


def of_plan(room: dict[str, Any]) -> Any:
    assert room.keys() == {"__typename", "plan"}
    return next(each for each in ROOMS if each["plan"] == room["plan"])


def of_either(room: dict[str, Any]) -> Any:
    return of_plan(room) if "plan" in room else of_door(room)


def a_hotel() -> Federation:
    return Federation(
        {
            "hotel": Subgraph(
                HOTEL, {"Query": {"room": ROOMS[0], "rooms": ROOMS}}, {"Room": of_door}
            ),
            "plans": Subgraph(PLANS, references={"Room": of_either}),
            "wiring": Subgraph(WIRING, {"Query": {"sockets": ROOMS}}, {"Room": of_plan}),
            "guests": Subgraph(
                GUESTS,
                {"Query": {"lastGuest": {"name": "Eva", "room": {"floor": 2, "door": "a"}}}},
                {"Room": never},
            ),
        }
    )


def test_a_nested_key_is_learned_by_a_composite_one() -> None:
    assert a_hotel().plan("{ room { sockets } }") == dedent(
        """\
        #0 hotel
            {
              room {
                floor
                door
                __typename
              }
            }
        #1 plans, after #0
          $r0: room, Room by {floor door}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Room {
                  plan {
                    sheet {
                      number
                    }
                    grid
                  }
                }
              }
            }
        #2 wiring, after #0, #1
          $r0: room, Room by {plan{sheet{number} grid}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Room {
                  sockets
                }
              }
            }"""
    )


async def test_every_part_of_a_composite_key_counts() -> None:
    hotel = a_hotel()

    answer = await hotel.answer("{ rooms { sockets } }")

    assert (answer.data, answer.errors) == ({"rooms": [{"sockets": 4}, {"sockets": 8}]}, [])
    assert len(hotel.representations) == 4


async def test_a_nested_key_has_the_form_of_its_field_set() -> None:
    hotel = a_hotel()

    await hotel.answer("{ room { sockets } }")

    assert hotel.representations[-1] == {
        "__typename": "Room",
        "plan": {"sheet": {"number": 1}, "grid": "A"},
    }


async def test_the_way_back_goes_by_the_nested_key() -> None:
    hotel = a_hotel()

    answer = await hotel.answer("{ sockets { name sockets } }")

    assert answer.errors == []
    assert answer.data == {
        "sockets": [{"name": "Blue", "sockets": 4}, {"name": "Red", "sockets": 8}]
    }
    assert hotel.asked == ["wiring", "plans", "hotel"]


async def test_by_a_key_that_is_not_resolvable_one_leaves_and_does_not_enter() -> None:
    hotel = a_hotel()

    answer = await hotel.answer("{ lastGuest { room { name floor } } }")

    assert answer.data == {"lastGuest": {"room": {"name": "Red", "floor": 2}}}
    assert hotel.asked == ["guests", "hotel"]


async def test_a_part_of_a_nested_key_under_a_clients_alias_is_found_there() -> None:
    hotel = a_hotel()

    answer = await hotel.answer(
        "{ room { where: plan { grid: sheet { number } box: grid } sockets } }"
    )

    assert answer.errors == []
    assert answer.data == {"room": {"where": {"grid": {"number": 1}, "box": "A"}, "sockets": 4}}


async def test_key_fields_that_only_serve_the_gateway_are_not_shown() -> None:
    answer = await a_hotel().answer("{ rooms { sockets } sockets { name } }")

    assert answer.data == {
        "rooms": [{"sockets": 4}, {"sockets": 8}],
        "sockets": [{"name": "Blue"}, {"name": "Red"}],
    }


NEIGHBOURS = {
    "mail": """
        type Query { letter: Person }
        type Person @key(fields: "email") { email: String! }
    """,
    "phone": """
        type Person @key(fields: "email") @key(fields: "number") { email: String! number: String! }
    """,
    "tax": """
        type Person @key(fields: "number") @key(fields: "tin") { number: String! tin: String! }
    """,
    "bank": """
        type Person @key(fields: "tin") { tin: String! balance: Int }
    """,
    "fast": """
        type Person @key(fields: "number") @key(fields: "email") { number: String! @external
          email: String! @external rating: Int }
    """,
}


def a_person() -> Federation:
    row = {"email": "e", "number": "n", "tin": "t", "balance": 5, "rating": 9}
    return Federation(
        {
            name: Subgraph(sdl, {"Query": {"letter": {"email": "e"}}}, {"Person": lambda _: row})
            for name, sdl in NEIGHBOURS.items()
        }
    )


async def test_a_key_may_be_three_subgraphs_away() -> None:
    person = a_person()

    answer = await person.answer("{ letter { balance } }")

    assert (answer.data, answer.errors) == ({"letter": {"balance": 5}}, [])
    assert person.asked == ["mail", "phone", "tax", "bank"]


async def test_of_several_keys_the_one_at_hand_is_taken() -> None:
    person = a_person()

    answer = await person.answer("{ letter { rating } }")

    assert (answer.data, answer.errors) == ({"letter": {"rating": 9}}, [])
    assert person.representations == [{"__typename": "Person", "email": "e"}]


async def test_what_is_learned_on_the_way_is_not_asked_for_again() -> None:
    person = a_person()

    answer = await person.answer("{ letter { balance number tin } }")

    assert answer.data == {"letter": {"balance": 5, "number": "n", "tin": "t"}}
    assert person.asked == ["mail", "phone", "tax", "bank"]


@pytest.mark.parametrize(("email", "rating"), [(None, None), ("", 1)])
async def test_a_key_is_missing_when_it_is_null_and_not_when_it_is_empty(
    email: str | None, rating: int | None
) -> None:
    nullable = {
        name: NEIGHBOURS[name].replace("email: String!", "email: String") for name in NEIGHBOURS
    }
    person = Federation(
        {
            name: Subgraph(
                sdl,
                {"Query": {"letter": {"email": email}}},
                {"Person": by("email", [{"email": "", "rating": 1}])},
            )
            for name, sdl in nullable.items()
        }
    )

    answer = await person.answer("{ letter { email rating } }")

    assert (answer.data, answer.errors) == ({"letter": {"email": email, "rating": rating}}, [])
    assert len(person.representations) == (rating or 0)
