"""Keyless objects that several subgraphs' shared root fields answer in part.

All of those roots are asked at once and their objects merged, lists element by element.
"""

from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph, never

NAMES = """
    type Query { star: Star @shareable stars: [Star!]! @shareable }
    type Star @shareable { id: ID! name: Name }
    type Name @shareable { latin: String }
"""
LIGHT = """
    type Query { star: Star @shareable stars: [Star!]! @shareable }
    type Star @shareable { id: ID! magnitude: Int name: Name }
    type Name @shareable { arabic: String }
"""
DISTANCE = """
    type Query { star: Star @shareable stars: [Star!]! @shareable }
    type Star @shareable { id: ID! parsecs: Int }
"""


def a_sky(*, parsecs: Any = 13, unlit: bool = False) -> Federation:
    named = [
        {"id": "1", "name": {"latin": "Stella Polaris"}},
        {"id": "2", "name": {"latin": "Oculus Tauri"}},
    ]
    lit = [
        {"id": "1", "magnitude": 2, "name": {"arabic": "Al-Judayy"}},
        {"id": "2", "magnitude": 1, "name": {"arabic": "Ad-Dabaran"}},
    ]
    far = [{"id": "1", "parsecs": parsecs}, {"id": "2", "parsecs": 20}]
    return Federation(
        {
            "names": Subgraph(NAMES, {"Query": {"star": named[0], "stars": named}}),
            "light": Subgraph(LIGHT, {"Query": {"star": None if unlit else lit[0], "stars": lit}}),
            "distance": Subgraph(
                DISTANCE, {"Query": {"star": far[0], "stars": far}, "Star": {"parsecs": _told}}
            ),
        }
    )


def _told(star: dict[str, Any]) -> Any:
    found = star["parsecs"]
    return found() if callable(found) else found


def test_all_subgraphs_are_asked_at_once() -> None:
    assert a_sky().plan("{ star { name { latin arabic } magnitude parsecs } }") == dedent(
        """\
        #0 light
            {
              star {
                name {
                  arabic
                }
                magnitude
              }
            }
        #1 names
            {
              star {
                name {
                  latin
                }
              }
            }
        #2 distance
            {
              star {
                parsecs
              }
            }"""
    )


async def test_the_parts_of_an_object_are_merged_at_every_depth() -> None:
    answer = await a_sky().answer("{ star { id name { arabic latin } magnitude parsecs } }")

    assert answer.errors == []
    assert answer.data == {
        "star": {
            "id": "1",
            "name": {"arabic": "Al-Judayy", "latin": "Stella Polaris"},
            "magnitude": 2,
            "parsecs": 13,
        }
    }


async def test_lists_are_merged_element_by_element() -> None:
    answer = await a_sky().answer("{ stars { name { latin } magnitude parsecs } }")

    assert answer.data == {
        "stars": [
            {"name": {"latin": "Stella Polaris"}, "magnitude": 2, "parsecs": 13},
            {"name": {"latin": "Oculus Tauri"}, "magnitude": 1, "parsecs": 20},
        ]
    }


async def test_only_the_subgraphs_that_are_needed_are_asked() -> None:
    sky = a_sky()

    await sky.answer("{ star { id magnitude name { arabic } } }")

    assert sky.asked == ["light"]


async def test_what_all_have_is_asked_of_one() -> None:
    sky = a_sky()

    await sky.answer("{ star { id } stars { id } }")

    assert len(sky.calls) == 1


async def test_an_aliased_root_is_merged_under_its_alias() -> None:
    answer = await a_sky().answer("{ pole: star { magnitude parsecs } star { name { latin } } }")

    assert answer.data == {
        "pole": {"magnitude": 2, "parsecs": 13},
        "star": {"name": {"latin": "Stella Polaris"}},
    }


async def test_a_subgraph_that_fails_costs_its_own_part() -> None:
    answer = await a_sky(parsecs=never).answer("{ star { magnitude parsecs } }")

    assert answer.data == {"star": {"magnitude": 2, "parsecs": None}}
    assert answer.faults == [("SUBGRAPH_ERROR", "star.parsecs")]


async def test_a_subgraph_that_has_no_such_object_leaves_its_part_null() -> None:
    answer = await a_sky(unlit=True).answer("{ star { name { latin arabic } magnitude } }")

    assert answer.errors == []
    assert answer.data == {
        "star": {"name": {"latin": "Stella Polaris", "arabic": None}, "magnitude": None}
    }
