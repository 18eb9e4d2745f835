"""Which object gives a contextual argument its value: the nearest above that sets the context, of
whatever type, for each place where the field is asked for.
"""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph

HOUSES = """
    type Query { house: House barn: Barn }
    type House @key(fields: "id") @context(name: "place") {
      id: ID!
      light: Int!
      room: Room!
    }
    type Barn @key(fields: "id") @context(name: "place") { id: ID! sun: Int! room: Room! }
    type Room @key(fields: "id") @context(name: "room") {
      id: ID!
      light: Int!
      cupboard: Room
      plant: Plant!
    }
    type Plant @key(fields: "id") {
      id: ID!
      grows(
        light: Int @fromContext(field: "$place ... on House { light } ... on Barn { sun }")
      ): Int
      rests(light: Int @fromContext(field: "$room { light }")): Int
    }
"""


def a_farmhouse() -> Federation:
    dark = {"id": "d", "light": 0, "cupboard": None, "plant": {"id": "q"}}
    room = {"id": "r", "light": 3, "cupboard": dark, "plant": {"id": "p"}}
    return Federation(
        {
            "houses": Subgraph(
                HOUSES,
                {
                    "Query": {
                        "house": {"id": "h", "light": 50, "room": room},
                        "barn": {"id": "b", "sun": 9, "room": room},
                    },
                    "Plant": {
                        "grows": lambda _, light: light * 2,
                        "rests": lambda _, light: light * 3,
                    },
                },
            )
        }
    )


async def test_several_types_may_set_a_context_each_with_a_field_of_its_own() -> None:
    answer = await a_farmhouse().answer(
        "{ house { room { plant { grows } } } barn { room { plant { grows } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "house": {"room": {"plant": {"grows": 100}}},
        "barn": {"room": {"plant": {"grows": 18}}},
    }


async def test_one_object_in_two_surroundings_has_two_values() -> None:
    farmhouse = a_farmhouse()

    answer = await farmhouse.answer(
        "{ a: house { room { plant { id grows } } } b: barn { room { plant { id grows } } } }"
    )

    assert answer.data == {
        "a": {"room": {"plant": {"id": "p", "grows": 100}}},
        "b": {"room": {"plant": {"id": "p", "grows": 18}}},
    }
    assert farmhouse.asked == ["houses", "houses"]


async def test_the_nearest_object_gives_the_value() -> None:
    answer = await a_farmhouse().answer(
        "{ house { room { plant { rests } cupboard { plant { rests grows } } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "house": {
            "room": {"plant": {"rests": 9}, "cupboard": {"plant": {"rests": 0, "grows": 100}}}
        }
    }


def test_the_object_is_entered_again_with_the_value() -> None:
    assert a_farmhouse().plan("{ barn { room { plant { grows } } } }") == dedent(
        """\
        #0 houses
            {
              barn {
                room {
                  plant {
                    id
                    __typename
                  }
                }
                sun
              }
            }
        #1 houses, after #0
          $r0: barn.room.plant, Plant by {id}
            query ($r0: [_Any!]!, $__p1_0: Int) {
              _entities(representations: $r0) {
                ... on Plant {
                  grows(light: $__p1_0)
                }
              }
            }"""
    )


async def test_a_context_may_be_the_type_of_what_sets_it() -> None:
    federation = Federation(
        {
            "zoo": Subgraph(
                """
                type Query { cages: [Cage!]! }
                interface Cage { inmate: Inmate! }
                type Aviary implements Cage @context(name: "cage") { inmate: Inmate! }
                type Tank implements Cage @context(name: "cage") { inmate: Inmate! }
                type Inmate @key(fields: "id") {
                  id: ID!
                  livesIn(cage: String @fromContext(field: "$cage { __typename }")): String
                }
                """,
                {
                    "Query": {
                        "cages": [
                            {"__typename": "Aviary", "inmate": {"id": "1"}},
                            {"__typename": "Tank", "inmate": {"id": "1"}},
                        ]
                    },
                    "Inmate": {"livesIn": lambda _, cage: cage},
                },
            )
        }
    )

    answer = await federation.answer("{ cages { inmate { livesIn } } }")

    assert answer.data == {
        "cages": [{"inmate": {"livesIn": "Aviary"}}, {"inmate": {"livesIn": "Tank"}}]
    }
