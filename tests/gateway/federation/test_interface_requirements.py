"""An interface whose types have a field only for others to require: the field is fetched from its
owner, for every type, and the subgraph that requires it is entered again.
"""

from typing import Any

from tests.support.federation import NEVER, Federation, Subgraph, by

GATE = """
type Query { waiting: [Load!]! next: Load }
interface Load { id: ID! grams: Int toll: Int }
type Van implements Load @key(fields: "id") {
  id: ID! grams: Int @external toll: Int @requires(fields: "grams")
}
type Bike implements Load @key(fields: "id") { id: ID! grams: Int @external toll: Int }
"""
SCALES = """
interface Load { id: ID! grams: Int }
type Van implements Load @key(fields: "id") { id: ID! grams: Int }
type Bike implements Load @key(fields: "id") { id: ID! grams: Int }
"""

VAN = {"__typename": "Van", "id": "v", "grams": NEVER}
BIKE = {"__typename": "Bike", "id": "b", "grams": NEVER, "toll": 1}


def toll(load: dict[str, Any]) -> Any:
    return None if load["grams"] is None else load["grams"] // 100


def a_gate(van_grams: int | None = 2500) -> Federation:
    return Federation(
        {
            "gate": Subgraph(
                GATE, {"Query": {"waiting": [VAN, BIKE, VAN], "next": BIKE}, "Van": {"toll": toll}}
            ),
            "scales": Subgraph(
                SCALES,
                references={
                    "Van": by("id", [{"id": "v", "grams": van_grams}]),
                    "Bike": by("id", [{"id": "b", "grams": 9000}]),
                },
            ),
        }
    )


async def test_an_external_field_of_the_interface_is_fetched_from_its_owner() -> None:
    gate = a_gate()

    answer = await gate.answer("{ waiting { id grams } }")

    assert answer.errors == []
    assert answer.data == {
        "waiting": [
            {"id": "v", "grams": 2500},
            {"id": "b", "grams": 9000},
            {"id": "v", "grams": 2500},
        ]
    }
    assert gate.asked == ["gate", "scales"]


async def test_a_type_that_requires_nothing_is_not_weighed() -> None:
    gate = a_gate()
    text = "{ waiting { toll } }"

    answer = await gate.answer(text)

    assert answer.errors == []
    assert answer.data == {"waiting": [{"toll": 25}, {"toll": 1}, {"toll": 25}]}
    assert [each["__typename"] for each in gate.representations] == ["Van", "Van"]
    assert gate.plan(text) == (
        """\
#0 gate
    {
      waiting {
        __typename
        ... on Bike {
          toll
        }
        ... on Van {
          id
        }
      }
    }
#1 scales, after #0
  $r0: waiting.@, Van by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Van {
          grams
        }
      }
    }
#2 gate, after #0, #1
  $r0: waiting.@, Van by {id grams}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Van {
          toll
        }
      }
    }"""
    )


async def test_where_no_type_that_requires_is_met_there_is_one_request() -> None:
    gate = a_gate()

    answer = await gate.answer("{ next { toll } }")

    assert answer.errors == []
    assert answer.data == {"next": {"toll": 1}}
    assert gate.asked == ["gate"]


async def test_what_is_required_and_asked_for_is_fetched_once() -> None:
    gate = a_gate()

    answer = await gate.answer("{ waiting { grams toll } }")

    assert answer.errors == []
    assert answer.data == {
        "waiting": [
            {"grams": 2500, "toll": 25},
            {"grams": 9000, "toll": 1},
            {"grams": 2500, "toll": 25},
        ]
    }
    assert gate.asked == ["gate", "scales", "gate"]
    assert gate.resolved["scales.Van.grams"] == 1


async def test_a_required_null_is_told_as_null() -> None:
    gate = a_gate(van_grams=None)

    answer = await gate.answer("{ waiting { toll } }")

    assert answer.errors == []
    assert answer.data == {"waiting": [{"toll": None}, {"toll": 1}, {"toll": None}]}
    assert gate.representations[-1] == {"__typename": "Van", "id": "v", "grams": None}


async def test_one_fragment_costs_nothing_for_the_other_type() -> None:
    gate = a_gate()

    answer = await gate.answer("{ waiting { ... on Bike { toll grams } } }")

    assert answer.errors == []
    assert answer.data == {"waiting": [{}, {"toll": 1, "grams": 9000}, {}]}
    assert gate.representations == [{"__typename": "Bike", "id": "b"}]
