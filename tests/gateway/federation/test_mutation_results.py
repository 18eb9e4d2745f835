"""What a mutation leaves behind is asked for once, with all that is wanted of it, by a query."""

from typing import Any

from tests.support.federation import Federation, Subgraph

PARCELS = """
type Query { parcel(id: ID!): Parcel }
type Mutation { register(grams: Int!): Parcel! }
type Parcel @key(fields: "id") { id: ID! grams: Int! }
"""
DEPOT = """
type Mutation { forget(id: ID!): Boolean! }
type Parcel @key(fields: "id") {
  id: ID! grams: Int! @external isHeavy: Boolean! @requires(fields: "grams") shelf: String!
}
"""


def a_post_office() -> Federation:
    """Every look at a parcel by its id takes it away."""
    parcels: dict[str, dict[str, Any]] = {"1": {"id": "1", "grams": 50}}
    shelves = {str(n): f"shelf {n}" for n in range(1, 5)}

    def register(_: Any, grams: int) -> Any:
        id = str(len(parcels) + 1)
        return parcels.setdefault(id, {"id": id, "grams": grams})

    def stored(representation: dict[str, Any]) -> Any:
        return {**representation, "shelf": shelves.pop(representation["id"])}

    return Federation(
        {
            "parcels": Subgraph(
                PARCELS,
                {
                    "Query": {"parcel": lambda _, id: parcels.pop(id)},
                    "Mutation": {"register": register},
                },
                {"Parcel": lambda representation: parcels.pop(representation["id"])},
            ),
            "depot": Subgraph(
                DEPOT,
                {
                    "Mutation": {"forget": lambda _, id: shelves.pop(id) != ""},
                    "Parcel": {"isHeavy": lambda parcel: parcel["grams"] > 1000},
                },
                {"Parcel": stored},
            ),
        }
    )


async def test_what_a_mutation_made_is_asked_for_once() -> None:
    office = a_post_office()
    text = "mutation { register(grams: 1200) { grams isHeavy shelf } }"

    answer = await office.answer(text)

    assert answer.errors == []
    assert answer.data == {"register": {"grams": 1200, "isHeavy": True, "shelf": "shelf 2"}}
    assert office.representations == [{"__typename": "Parcel", "id": "2", "grams": 1200}]
    assert office.plan(text) == (
        """\
#0 parcels
    mutation {
      register(grams: 1200) {
        grams
        id
        __typename
      }
    }
#1 depot, after #0
  $r0: register, Parcel by {id grams}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Parcel {
          isHeavy
          shelf
        }
      }
    }"""
    )


async def test_what_follows_a_mutation_is_a_query() -> None:
    office = a_post_office()

    await office.answer("mutation { register(grams: 10) { shelf } }")

    [made, followed] = [call.document for call in office.calls]
    assert made.startswith("mutation")
    assert followed.startswith("query")


async def test_two_things_made_are_each_asked_for_once() -> None:
    office = a_post_office()

    answer = await office.answer(
        """mutation {
          a: register(grams: 1) { isHeavy shelf }
          b: register(grams: 2000) { shelf isHeavy }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "a": {"isHeavy": False, "shelf": "shelf 2"},
        "b": {"shelf": "shelf 3", "isHeavy": True},
    }


async def test_a_query_too_asks_for_each_thing_once() -> None:
    office = a_post_office()

    answer = await office.answer('{ parcel(id: "1") { isHeavy shelf } }')

    assert answer.errors == []
    assert answer.data == {"parcel": {"isHeavy": False, "shelf": "shelf 1"}}
    assert office.asked == ["parcels", "depot"]


async def test_what_was_made_is_read_before_another_mutation_destroys_it() -> None:
    office = a_post_office()

    answer = await office.answer('mutation { register(grams: 1) { shelf } forget(id: "3") }')

    assert answer.errors == []
    assert answer.data == {"register": {"shelf": "shelf 2"}, "forget": True}
    assert office.asked == ["parcels", "depot", "depot"]
