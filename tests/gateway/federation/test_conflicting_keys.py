"""What the gateway needs of two types for itself may have one name and two shapes: neither the
subgraph's validation nor the client hears of it (GraphQL 5.3.2).
"""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph

ARCHIVE = """
    type Query { finds: [Find!]! }
    union Find = Coin | Bone | Shard
    type Coin @key(fields: "id") { id: ID! }
    type Bone @key(fields: "id") { id: Int }
    type Shard @key(fields: "id { pit layer }") { id: Place }
    type Place @shareable { pit: Int layer: String }
"""
LABORATORY = """
    type Coin @key(fields: "id") { id: ID! age: Int! }
    type Bone @key(fields: "id") {
      id: Int
      tests: String @external
      dated: Int @requires(fields: "tests")
    }
    type Shard @key(fields: "id { pit layer }") { id: Place ages: [Int] }
    type Place @shareable { pit: Int layer: String }
"""
BENCH = """
    type Bone @key(fields: "id") { id: Int tests: String }
    type Coin @key(fields: "id") { id: ID! tests: Int! }
"""


def an_excavation() -> Federation:
    return Federation(
        {
            "archive": Subgraph(
                ARCHIVE,
                {
                    "Query": {
                        "finds": [
                            {"__typename": "Coin", "id": "c"},
                            {"__typename": "Bone", "id": 0},
                            {"__typename": "Shard", "id": {"pit": 4, "layer": "b"}},
                        ]
                    }
                },
            ),
            "laboratory": Subgraph(
                LABORATORY,
                {
                    "Coin": {"age": 900},
                    "Bone": {"dated": lambda bone: len(bone["tests"])},
                    "Shard": {"ages": [1, None]},
                },
            ),
            "bench": Subgraph(BENCH, {"Bone": {"tests": "xyz"}, "Coin": {"tests": 2}}),
        }
    )


@pytest.mark.parametrize(
    ("selections", "expected"),
    [
        (
            "... on Coin { age } ... on Bone { dated } ... on Shard { ages }",
            [{"age": 900}, {"dated": 3}, {"ages": [1, None]}],
        ),
        (
            "... on Coin { tests } ... on Bone { dated }",
            [{"tests": 2}, {"dated": 3}, {}],
        ),
        (
            "... on Coin { id } ... on Bone { number: id dated } ... on Shard { id: __typename }",
            [{"id": "c"}, {"number": 0, "dated": 3}, {"id": "Shard"}],
        ),
        (
            "... on Coin { id: age } ... on Shard { place: id { layer } ages }",
            [{"id": 900}, {}, {"place": {"layer": "b"}, "ages": [1, None]}],
        ),
    ],
)
async def test_keys_of_different_shapes_serve_their_types(
    selections: str, expected: list[object]
) -> None:
    answer = await an_excavation().answer(f"{{ finds {{ {selections} }} }}")

    assert (answer.data, answer.errors) == ({"finds": expected}, [])


def test_all_but_one_of_them_are_asked_for_under_other_names() -> None:
    plan = an_excavation().plan("{ finds { ... on Coin { age } ... on Shard { ages } } }")

    assert plan == dedent(
        """\
        #0 archive
            {
              finds {
                __typename
                ... on Coin {
                  id
                }
                ... on Shard {
                  __pc1_id: id {
                    pit
                    layer
                  }
                }
              }
            }
        #1 laboratory, after #0
          $r0: finds.@, Coin by {id}
          $r0: finds.@, Shard by {id{pit layer}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Coin {
                  age
                }
                ... on Shard {
                  ages
                }
              }
            }"""
    )
