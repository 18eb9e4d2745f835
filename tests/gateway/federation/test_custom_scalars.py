"""A custom scalar is whatever its subgraph says: as a key, as a requirement, as an answer."""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph

STAMPS = """
    type Query { stamps: [Stamp!]! }
    scalar Json
    type Stamp @key(fields: "plate") { plate: Json gum: Json }
"""
PRICES = """
    scalar Json
    type Stamp @key(fields: "plate") {
      plate: Json
      gum: Json @external
      printed: Json
      glued: Json @requires(fields: "gum")
    }
"""


def an_album(*stamps: dict[str, Any]) -> Federation:
    return Federation(
        {
            "stamps": Subgraph(STAMPS, {"Query": {"stamps": list(stamps)}}),
            "prices": Subgraph(
                PRICES,
                {
                    "Stamp": {
                        "printed": lambda stamp: stamp["plate"],
                        "glued": lambda stamp: {"with": stamp["gum"]},
                    }
                },
            ),
        }
    )


@pytest.mark.parametrize(
    "value",
    [
        {"rows": [1, {"x": None}], "__typename": "Not a type"},
        [[], [1.5, "é"]],
        "text",
        0,
        False,
        {},
    ],
)
async def test_it_reaches_the_other_subgraph_and_the_client_as_it_is(value: Any) -> None:
    album = an_album({"plate": value, "gum": value})

    answer = await album.answer("{ stamps { printed gum glued } }")

    assert answer.errors == []
    assert answer.data == {"stamps": [{"printed": value, "gum": value, "glued": {"with": value}}]}


async def test_values_that_only_look_alike_name_different_entities() -> None:
    values = [1, True, "1", 1.0, [1], {"1": 1}]
    album = an_album(*({"plate": value} for value in values))

    answer = await album.answer("{ stamps { printed } }")

    assert answer.data is not None
    assert [repr(each["printed"]) for each in answer.data["stamps"]] == [*map(repr, values)]
    assert len(album.representations) == len(values)


def test_nothing_of_it_is_selected() -> None:
    assert an_album().plan("{ stamps { glued } }") == dedent(
        """\
        #0 stamps
            {
              stamps {
                plate
                gum
                __typename
              }
            }
        #1 prices, after #0
          $r0: stamps.@, Stamp by {plate gum}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Stamp {
                  glued
                }
              }
            }"""
    )
