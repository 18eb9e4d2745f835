"""Types without a key that several subgraphs have: each field is taken where the object is, as
far as the subgraph has it, and the client sees the type on which all subgraphs agree.
"""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph, by

MAPS = """
    type Query { peak: Peak route: Route! }
    type Peak @key(fields: "id") { id: ID! at: Position height: Length! @shareable }
    type Position @shareable { lat: Float! lon: Float! }
    type Length @shareable { metres: Int! }
    type Route { points: [Position!]! }
"""
RESCUE = """
    type Query { mission: Mission }
    type Mission { at: Position peak: Peak }
    type Position @shareable { lat: Float lon: Float! }
    type Peak @key(fields: "id") { id: ID! huts: [Hut!] height: Length @shareable }
    type Hut { at: Position beds: Int }
    type Length @shareable { metres: Int! feet: Int }
"""
SUMMIT = {"lat": 61.6, "lon": 8.3}


def the_mountains() -> Federation:
    height = {"metres": 2469, "feet": 8100}
    peak = {"id": "g", "at": SUMMIT, "height": {"metres": 2469}}
    hut = {"at": {"lat": None, "lon": 8.4}, "beds": 40}
    return Federation(
        {
            "maps": Subgraph(
                MAPS,
                {"Query": {"peak": peak, "route": {"points": [SUMMIT, SUMMIT]}}},
                {"Peak": by("id", [peak])},
            ),
            "rescue": Subgraph(
                RESCUE,
                {
                    "Query": {
                        "mission": {
                            "at": {"lat": 61.0, "lon": 8.0},
                            "peak": {"id": "g", "height": height},
                        }
                    }
                },
                {"Peak": by("id", [{"id": "g", "huts": [hut], "height": height}])},
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        ("{ peak { at { lat lon } } }", {"peak": {"at": {"lat": 61.6, "lon": 8.3}}}, ["maps"]),
        (
            "{ mission { at { lat lon } } }",
            {"mission": {"at": {"lat": 61.0, "lon": 8.0}}},
            ["rescue"],
        ),
        (
            "{ route { points { lon } } }",
            {"route": {"points": [{"lon": 8.3}, {"lon": 8.3}]}},
            ["maps"],
        ),
        (
            "{ peak { at { lon } huts { at { lat lon } } } }",
            {"peak": {"at": {"lon": 8.3}, "huts": [{"at": {"lat": None, "lon": 8.4}}]}},
            ["maps", "rescue"],
        ),
        (
            "{ mission { peak { height { metres } } } }",
            {"mission": {"peak": {"height": {"metres": 2469}}}},
            ["rescue"],
        ),
    ],
)
async def test_an_object_is_answered_where_it_is(
    text: str, expected: object, asked: list[str]
) -> None:
    mountains = the_mountains()

    answer = await mountains.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert mountains.asked == asked


def test_the_part_that_is_elsewhere_is_reached_through_the_entity_around_it() -> None:
    assert the_mountains().plan("{ peak { height { feet } } }") == dedent(
        """\
        #0 maps
            {
              peak {
                id
                __typename
              }
            }
        #1 rescue, after #0
          $r0: peak, Peak by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Peak {
                  height {
                    feet
                  }
                }
              }
            }"""
    )


async def test_a_field_that_is_nullable_in_one_subgraph_is_nullable_for_clients() -> None:
    mountains = the_mountains()

    answer = await mountains.answer(
        '{ __type(name: "Position") { fields { name type { kind } } } }'
    )

    assert answer.data == {
        "__type": {
            "fields": [
                {"name": "lat", "type": {"kind": "SCALAR"}},
                {"name": "lon", "type": {"kind": "NON_NULL"}},
            ]
        }
    }


async def test_both_parts_of_a_value_make_one() -> None:
    answer = await the_mountains().answer("{ peak { height { feet metres } } }")

    assert (answer.data, answer.errors) == (
        {"peak": {"height": {"feet": 8100, "metres": 2469}}},
        [],
    )
