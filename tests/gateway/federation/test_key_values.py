"""A key is whatever value its type has: nothing, zero and false are values, values of different
types are different, and equal keys of different types name different entities.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph

GARDEN = """
type Query { plots: [Plot]! beds: [Bed!]! growing: [Growing] }
scalar Mark
enum Side { NORTH SOUTH }
type Plot @key(fields: "mark") { mark: Mark }
type Bed @key(fields: "row side isWet depth") {
  row: Int! side: Side! isWet: Boolean! depth: Float!
}
union Growing = Rose | Tulip
type Rose @key(fields: "id") { id: ID! }
type Tulip @key(fields: "id") { id: ID! }
"""
LABELS = """
scalar Mark
enum Side { NORTH SOUTH }
type Plot @key(fields: "mark") { mark: Mark label: String! }
type Bed @key(fields: "row side isWet depth") {
  row: Int! side: Side! isWet: Boolean! depth: Float! label: String!
}
type Rose @key(fields: "id") { id: ID! label: String! }
type Tulip @key(fields: "id") { id: ID! label: String! }
"""


def label(entity: dict[str, Any]) -> str:
    """The entity as it was named."""
    return ", ".join(f"{name} {value!r}" for name, value in sorted(entity.items()))


def a_garden(**roots: Any) -> Federation:
    return Federation(
        {
            "garden": Subgraph(GARDEN, {"Query": roots}),
            "labels": Subgraph(
                LABELS, {type: {"label": label} for type in ("Plot", "Bed", "Rose", "Tulip")}
            ),
        }
    )


@pytest.mark.parametrize(
    "mark",
    [0, False, "", 0.0, -1, 1.5, "0", [], {}, [None], {"a": [1, {"b": None}]}, "ключ \"' \n"],
)
async def test_any_value_that_is_not_null_is_a_key(mark: Any) -> None:
    garden = a_garden(plots=[{"mark": mark}])

    answer = await garden.answer("{ plots { label } }")

    assert answer.errors == []
    assert answer.data == {"plots": [{"label": f"__typename 'Plot', mark {mark!r}"}]}


async def test_values_of_different_types_are_different_keys() -> None:
    marks = [1, True, 1.0, "1", 0, False, "", [], {}, [1], [True], {"a": 1}, {"a": True}]
    garden = a_garden(plots=[{"mark": mark} for mark in marks])

    answer = await garden.answer("{ plots { mark label } }")

    assert answer.errors == []
    assert answer.data is not None
    assert [each["label"] for each in answer.data["plots"]] == [
        f"__typename 'Plot', mark {mark!r}" for mark in marks
    ]


async def test_a_key_that_is_null_names_nothing() -> None:
    garden = a_garden(plots=[{"mark": None}, None, {"mark": 1}])

    answer = await garden.answer("{ plots { mark label } }")

    assert answer.data == {"plots": [None, None, {"mark": 1, "label": "__typename 'Plot', mark 1"}]}
    assert answer.faults == [("INVALID_VALUE", "plots.0.label")]
    assert len(garden.representations) == 1


async def test_equal_keys_are_sent_once_and_answered_everywhere() -> None:
    garden = a_garden(plots=[{"mark": {"a": 1, "b": 2}}, {"mark": "x"}, {"mark": {"a": 1, "b": 2}}])

    answer = await garden.answer("{ plots { label } }")

    assert answer.data is not None
    first, _, last = answer.data["plots"]
    assert first == last
    assert len(garden.representations) == 2


async def test_keys_of_several_fields_keep_the_type_of_each() -> None:
    beds = [
        {"row": 1, "side": "NORTH", "isWet": False, "depth": 1.0},
        {"row": 0, "side": "SOUTH", "isWet": True, "depth": 0.5},
    ]
    garden = a_garden(beds=beds)
    text = "{ beds { label } }"

    answer = await garden.answer(text)

    assert answer.errors == []
    assert garden.representations == [{"__typename": "Bed", **bed} for bed in beds]
    assert garden.plan(text) == (
        """\
#0 garden
    {
      beds {
        row
        side
        isWet
        depth
        __typename
      }
    }
#1 labels, after #0
  $r0: beds.@, Bed by {row side isWet depth}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Bed {
          label
        }
      }
    }"""
    )


async def test_entities_of_two_types_may_have_the_same_key() -> None:
    garden = a_garden(
        growing=[
            {"__typename": "Rose", "id": "1"},
            {"__typename": "Tulip", "id": "1"},
            {"__typename": "Rose", "id": "1"},
        ]
    )

    answer = await garden.answer("{ growing { ... on Rose { label } ... on Tulip { label } } }")

    assert answer.errors == []
    assert answer.data == {
        "growing": [
            {"label": "__typename 'Rose', id '1'"},
            {"label": "__typename 'Tulip', id '1'"},
            {"label": "__typename 'Rose', id '1'"},
        ]
    }
    assert len(garden.representations) == 2


async def test_no_object_means_no_request() -> None:
    garden = a_garden(plots=[], growing=None)

    answer = await garden.answer("{ plots { label } growing { ... on Rose { label } } }")

    assert answer.errors == []
    assert answer.data == {"plots": [], "growing": None}
    assert garden.asked == ["garden"]


async def test_many_objects_are_one_request() -> None:
    garden = a_garden(plots=[{"mark": n % 700} for n in range(2_000)])

    answer = await garden.answer("{ plots { label } }")

    assert answer.data is not None
    assert answer.data["plots"][1_999] == {"label": "__typename 'Plot', mark 599"}
    assert garden.asked == ["garden", "labels"]
    assert len(garden.representations) == 700


async def test_more_objects_than_one_list_may_hold_are_one_request_with_several() -> None:
    ids = [str(n) for n in range(2_500)]
    federation = Federation(
        {
            "ports": Subgraph(
                """
                type Query { ships: [Ship!]! }
                type Ship @key(fields: "id") { id: ID! }
                """,
                {"Query": {"ships": [{"id": id} for id in ids]}},
            ),
            "crews": Subgraph(
                """
                type Ship @key(fields: "id") { id: ID! captain: String }
                """,
                {"Ship": {"captain": lambda ship: f"Captain {ship['id']}"}},
            ),
        }
    )

    answer = await federation.answer("{ ships { captain } }")

    assert answer.data == {"ships": [{"captain": f"Captain {id}"} for id in ids]}
    [_, call] = federation.calls
    sizes = [len(value) for value in call.variables.values()]
    assert sizes == [1_000, 1_000, 500]
