"""An interface object may require fields of the interface, provide them, and pass them on; the
types answer what is required, each for itself.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

STABLE = """
    type Query { animals: [Animal!]! }
    type Mutation { buy: Animal! }
    interface Animal @key(fields: "id") { id: ID! name: String weight: Int }
    type Horse implements Animal @key(fields: "id") {
      id: ID!
      name: String
      weight: Int
      speed: Int
    }
    type Donkey implements Animal @key(fields: "id") { id: ID! name: String weight: Int }
"""
FARRIER = """
    type Query { shod: [Animal!]! }
    type Animal @key(fields: "id") @interfaceObject {
      id: ID!
      weight: Int @external
      shoe: Int @requires(fields: "weight")
      visits: [Visit!]!
      friend: Animal
      price(shoes: Int!): Int
    }
    type Visit { animal: Animal year: Int }
"""
FEED = """
    type Animal @key(fields: "id") @interfaceObject {
      id: ID!
      shoe: Int @external
      oats: Int @requires(fields: "shoe")
    }
"""
ANIMALS = [
    {"__typename": "Horse", "id": "h", "name": "Sleipner", "weight": 500, "speed": 60},
    {"__typename": "Donkey", "id": "d", "name": "Bottom", "weight": 200},
]
LIE: dict[str, Any] = {"__typename": NEVER}


def a_stable() -> Federation:
    shod: list[dict[str, Any]] = [
        {"id": "h", "friend": {"id": "d"}},
        {"id": "d", "friend": {"id": "h"}},
    ]
    for animal in shod:
        animal["visits"] = [{"animal": animal, "year": 3}]
    return Federation(
        {
            "stable": Subgraph(
                STABLE,
                {"Query": {"animals": ANIMALS}, "Mutation": {"buy": ANIMALS[1]}},
                {
                    "Animal": by("id", ANIMALS),
                    "Horse": by("id", ANIMALS[:1]),
                    "Donkey": by("id", ANIMALS[1:]),
                },
            ),
            "farrier": Subgraph(
                FARRIER,
                {
                    "Query": {"shod": shod},
                    "Animal": LIE
                    | {
                        "shoe": lambda animal: animal["weight"] // 100,
                        "price": lambda _, shoes: shoes * 10,
                    },
                },
                {"Animal": by("id", shod)},
            ),
            "feed": Subgraph(FEED, {"Animal": LIE | {"oats": lambda animal: animal["shoe"] * 2}}),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "{ animals { shoe } }",
            {"animals": [{"shoe": 5}, {"shoe": 2}]},
            ["stable", "farrier"],
        ),
        (
            "{ animals { name oats } }",
            {"animals": [{"name": "Sleipner", "oats": 10}, {"name": "Bottom", "oats": 4}]},
            ["stable", "farrier", "feed"],
        ),
        (
            "{ shod { shoe } }",
            {"shod": [{"shoe": 5}, {"shoe": 2}]},
            ["farrier", "stable", "farrier"],
        ),
        (
            "{ animals { ... on Horse { shoe speed } } }",
            {"animals": [{"shoe": 5, "speed": 60}, {}]},
            ["stable", "farrier"],
        ),
        (
            "{ shod { ... on Donkey { shoe name } } }",
            {"shod": [{}, {"shoe": 2, "name": "Bottom"}]},
            ["farrier", "stable", "farrier"],
        ),
        (
            "{ shod { visits { year animal { friend { name __typename } } } } }",
            {
                "shod": [
                    {"visits": [{"year": 3, "animal": {"friend": friend}}]}
                    for friend in (
                        {"name": "Bottom", "__typename": "Donkey"},
                        {"name": "Sleipner", "__typename": "Horse"},
                    )
                ]
            },
            ["farrier", "stable"],
        ),
        (
            "mutation { buy { __typename name shoe } }",
            {"buy": {"__typename": "Donkey", "name": "Bottom", "shoe": 2}},
            ["stable", "farrier"],
        ),
    ],
)
async def test_what_the_interface_object_requires_comes_from_the_types(
    text: str, expected: object, asked: list[str]
) -> None:
    stable = a_stable()

    answer = await stable.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert stable.asked == asked


def test_the_types_are_named_by_the_interface_with_what_is_required() -> None:
    assert a_stable().plan("{ animals { shoe } }") == dedent(
        """\
        #0 stable
            {
              animals {
                __typename
                id
                weight
              }
            }
        #1 farrier, after #0
          $r0: animals.@, Donkey | Horse as Animal by {id weight}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Animal {
                  shoe
                }
              }
            }"""
    )


async def test_an_interface_object_in_two_places_is_told_apart_by_its_key() -> None:
    answer = await a_stable().answer("{ shod { id friend { id shoe } } animals { id shoe } }")

    assert answer.errors == []
    assert answer.data == {
        "shod": [
            {"id": "h", "friend": {"id": "d", "shoe": 2}},
            {"id": "d", "friend": {"id": "h", "shoe": 5}},
        ],
        "animals": [{"id": "h", "shoe": 5}, {"id": "d", "shoe": 2}],
    }


@pytest.mark.parametrize("root", ["animals", "shod"])
async def test_a_key_may_have_other_arguments_for_each_type(root: str) -> None:
    answer = await a_stable().answer(
        f"""{{ {root} {{
          ... on Horse {{ price: price(shoes: 4) }}
          ... on Donkey {{ price: price(shoes: 2) }}
        }} }}"""
    )

    assert answer.errors == []
    assert answer.data == {root: [{"price": 40}, {"price": 20}]}


async def test_a_required_field_may_have_another_type_than_the_clients_own_of_another_type() -> (
    None
):
    yard = """
        interface Boat @key(fields: "id") { id: ID! }
        type Tug implements Boat @key(fields: "id") { id: ID! load: Int }
        type Barge implements Boat @key(fields: "id") { id: ID! load: [Crate!] }
        type Crate { mark: String }
        type Query { boats: [Boat!]! }
    """
    crew = """
        type Tug @key(fields: "id") {
          id: ID! load: Int @external slow: Boolean @requires(fields: "load")
        }
    """
    register = """
        type Query { registered: [Boat!]! }
        type Boat @key(fields: "id") @interfaceObject { id: ID! }
    """
    boats: list[dict[str, Any]] = [
        {"__typename": "Tug", "id": "t", "load": 900},
        {"__typename": "Barge", "id": "b", "load": [{"mark": "A"}]},
    ]
    harbour = Federation(
        {
            "yard": Subgraph(yard, references={"Boat": by("id", boats)}),
            "crew": Subgraph(crew, {"Tug": {"slow": lambda tug: tug["load"] > 500}}),
            "register": Subgraph(register, {"Query": {"registered": [{"id": "t"}, {"id": "b"}]}}),
        }
    )

    answer = await harbour.answer(
        "{ registered { ... on Tug { slow } ... on Barge { load { mark } } } }"
    )

    assert answer.errors == []
    assert answer.data == {"registered": [{"slow": True}, {"load": [{"mark": "A"}]}]}
