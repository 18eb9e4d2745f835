"""What a keyless object lacks is asked for through the entity that holds it.

Nobody can enter another subgraph at the keyless object; its parent has a key, and what comes by
way of the parent is merged into what is there.
"""

from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph, by

YARD = """
    type Query { pallets: [Pallet!]! }
    type Pallet @key(fields: "id") { id: ID! zone: Zone @shareable }
    type Zone @shareable { name: String floor: Floor }
    type Floor @shareable { level: Int }
"""
SLOTS = """
    type Pallet @key(fields: "id") @key(fields: "id slot") { id: ID! slot: String! }
"""
CLIMATE = """
    type Pallet @key(fields: "id slot") { id: ID! slot: String! zone: Zone @shareable }
    type Zone @shareable { climate: Climate floor: Floor }
    type Climate { degrees: Int }
    type Floor @shareable { damp: Boolean }
"""


def a_warehouse(*, zones: Any = None) -> Federation:
    pallets = [
        {"id": "p1", "zone": {"name": "north", "floor": {"level": 1}}},
        {"id": "p2", "zone": {"name": "south", "floor": {"level": 2}}},
    ]
    slots = [{"id": "p1", "slot": "A7"}, {"id": "p2", "slot": "B2"}]
    climates = zones or {
        "A7": {"climate": {"degrees": 4}, "floor": {"damp": True}},
        "B2": {"climate": {"degrees": 19}, "floor": {"damp": False}},
    }
    return Federation(
        {
            "yard": Subgraph(YARD, {"Query": {"pallets": pallets}}),
            "slots": Subgraph(SLOTS, references={"Pallet": by("id", slots)}),
            "climate": Subgraph(
                CLIMATE, {"Pallet": {"zone": lambda pallet: climates[pallet["slot"]]}}
            ),
        }
    )


def test_the_parents_key_is_learned_first_and_the_child_asked_for_through_it() -> None:
    assert a_warehouse().plan("{ pallets { zone { climate { degrees } } } }") == dedent(
        """\
        #0 yard
            {
              pallets {
                id
                __typename
              }
            }
        #1 slots, after #0
          $r0: pallets.@, Pallet by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Pallet {
                  slot
                }
              }
            }
        #2 climate, after #0, #1
          $r0: pallets.@, Pallet by {id slot}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Pallet {
                  zone {
                    climate {
                      degrees
                    }
                  }
                }
              }
            }"""
    )


async def test_both_parts_of_the_child_are_put_together_at_every_depth() -> None:
    warehouse = a_warehouse()

    answer = await warehouse.answer(
        "{ pallets { zone { name climate { degrees } floor { level damp } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "pallets": [
            {
                "zone": {
                    "name": "north",
                    "climate": {"degrees": 4},
                    "floor": {"level": 1, "damp": True},
                }
            },
            {
                "zone": {
                    "name": "south",
                    "climate": {"degrees": 19},
                    "floor": {"level": 2, "damp": False},
                }
            },
        ]
    }
    assert warehouse.asked == ["yard", "slots", "climate"]


async def test_an_alias_of_the_child_is_the_same_in_both_requests() -> None:
    warehouse = a_warehouse()

    answer = await warehouse.answer("{ pallets { where: zone { name climate { degrees } } } }")

    assert answer.data == {
        "pallets": [
            {"where": {"name": "north", "climate": {"degrees": 4}}},
            {"where": {"name": "south", "climate": {"degrees": 19}}},
        ]
    }


async def test_a_child_that_the_other_subgraph_does_not_know_keeps_what_it_has() -> None:
    warehouse = a_warehouse(zones={"A7": None, "B2": {"climate": {"degrees": 19}}})

    answer = await warehouse.answer("{ pallets { zone { name climate { degrees } } } }")

    assert answer.data == {
        "pallets": [
            {"zone": {"name": "north", "climate": None}},
            {"zone": {"name": "south", "climate": {"degrees": 19}}},
        ]
    }
