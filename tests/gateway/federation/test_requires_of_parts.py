"""What one field requires may be nested, lie in several subgraphs, be listed, be null in parts,
or need a key that must be learned first. It is put together before the field is asked for.
"""

from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph

YARD = """
    type Query { boats: [Boat!]! }
    type Boat @key(fields: "id") { id: ID! hull: Hull @shareable parts: [[Part]] }
    type Hull @shareable { length: Int }
    type Part @key(fields: "code") { code: String! }
"""
SURVEY = """
    type Boat @key(fields: "id") { id: ID! hull: Hull @shareable }
    type Hull @shareable { beam: Int }
"""
PARTS = """
    type Part @key(fields: "code") { code: String! weight: Int }
"""
PORT = """
    type Boat @key(fields: "id") {
      id: ID!
      hull: Hull @external
      parts: [[Part]] @external
      fee: Int @requires(fields: "hull { length beam }")
      load: [Int] @requires(fields: "parts { weight }")
      both: String @requires(fields: "hull { length } parts { code }")
    }
    type Hull @shareable { length: Int beam: Int }
    type Part @key(fields: "code") { code: String! weight: Int @external }
"""
WEIGHTS = {"mast": 90, "sail": 20}


def a_marina(*boats: dict[str, Any], beam: Any = 3) -> Federation:
    return Federation(
        {
            "yard": Subgraph(YARD, {"Query": {"boats": list(boats)}}),
            "survey": Subgraph(SURVEY, {"Boat": {"hull": {"beam": beam}}}),
            "parts": Subgraph(PARTS, {"Part": {"weight": lambda part: WEIGHTS.get(part["code"])}}),
            "port": Subgraph(
                PORT,
                {
                    "Boat": {
                        "fee": lambda boat: boat["hull"] and area(boat["hull"]),
                        "load": lambda boat: [weight(row) for row in boat["parts"]],
                        "both": lambda boat: f"{length(boat['hull'])} m{codes(boat)}",
                    }
                },
            ),
        }
    )


def area(hull: dict[str, Any]) -> int | None:
    return None if hull["beam"] is None else hull["length"] * hull["beam"]


def weight(row: list[Any] | None) -> int | None:
    return None if row is None else sum(part["weight"] for part in row if part is not None)


def codes(boat: dict[str, Any]) -> str:
    return "".join(f" {part['code']}" for row in boat["parts"] for part in row)


def length(hull: dict[str, Any] | None) -> int | None:
    return None if hull is None else hull["length"]


def a_boat(id: str = "1", **fields: Any) -> dict[str, Any]:
    return {"id": id, "hull": {"length": 10}, "parts": [], **fields}


async def test_parts_of_one_object_come_from_two_subgraphs() -> None:
    marina = a_marina(a_boat())

    answer = await marina.answer("{ boats { fee } }")

    assert (answer.data, answer.errors) == ({"boats": [{"fee": 30}]}, [])
    assert marina.representations[-1] == {
        "__typename": "Boat",
        "id": "1",
        "hull": {"length": 10, "beam": 3},
    }


def test_the_requiring_subgraph_is_asked_when_all_parts_are_there() -> None:
    assert a_marina().plan("{ boats { fee } }") == dedent(
        """\
        #0 yard
            {
              boats {
                id
                hull {
                  length
                }
                __typename
              }
            }
        #1 survey, after #0
          $r0: boats.@, Boat by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Boat {
                  hull {
                    beam
                  }
                }
              }
            }
        #2 port, after #0, #1
          $r0: boats.@, Boat by {id hull{length beam}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Boat {
                  fee
                }
              }
            }"""
    )


async def test_entities_in_a_required_list_of_lists_are_completed_first() -> None:
    marina = a_marina(a_boat(parts=[[{"code": "mast"}, {"code": "sail"}], [{"code": "sail"}]]))

    answer = await marina.answer("{ boats { load } }")

    assert (answer.data, answer.errors) == ({"boats": [{"load": [110, 20]}]}, [])
    assert marina.asked == ["yard", "parts", "port"]


async def test_nulls_in_a_required_list_keep_their_places() -> None:
    marina = a_marina(a_boat(parts=[[None, {"code": "sail"}], None, []]))

    answer = await marina.answer("{ boats { load } }")

    assert (answer.data, answer.errors) == ({"boats": [{"load": [20, None, 0]}]}, [])
    assert marina.representations[-1]["parts"] == [[None, {"weight": 20}], None, []]


async def test_a_required_object_that_is_null_is_required_as_null() -> None:
    marina = a_marina(a_boat(hull=None), beam=3)

    answer = await marina.answer("{ boats { both } }")

    assert (answer.data, answer.errors) == ({"boats": [{"both": "None m"}]}, [])


async def test_a_part_that_fails_costs_only_the_fields_that_require_it() -> None:
    marina = a_marina(a_boat("1"), a_boat("2"), beam=ValueError())

    answer = await marina.answer("{ boats { id fee both } }")

    assert answer.data is not None
    assert [each["fee"] for each in answer.data["boats"]] == [None, None]
    assert [each["both"] for each in answer.data["boats"]] == ["10 m"] * 2
    assert answer.faults == [("SUBGRAPH_ERROR", f"boats.{at}.fee") for at in (0, 1)]


async def test_two_fields_with_overlapping_requirements_share_a_request() -> None:
    marina = a_marina(a_boat(parts=[[{"code": "mast"}]]))

    answer = await marina.answer("{ boats { both fee load } }")

    assert answer.errors == []
    assert answer.data == {"boats": [{"both": "10 m mast", "fee": 30, "load": [90]}]}
    assert marina.asked == ["yard", "survey", "parts", "port"]


async def test_an_empty_list_asks_nobody_anything() -> None:
    marina = a_marina()

    answer = await marina.answer("{ boats { fee load } }")

    assert (answer.data, answer.errors) == ({"boats": []}, [])
    assert marina.asked == ["yard"]


async def test_a_requirement_under_the_clients_aliases_is_found_there() -> None:
    marina = a_marina(a_boat(parts=[[{"code": "mast"}]]))

    answer = await marina.answer(
        "{ boats { hull: id body: hull { beam: length length: beam } parts: fee load } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "boats": [{"hull": "1", "body": {"beam": 10, "length": 3}, "parts": 30, "load": [90]}]
    }
