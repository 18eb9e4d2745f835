"""@provides through a fragment on a union: what it provides belongs to that member alone."""

from textwrap import dedent

from tests.support.federation import NEVER, Federation, Subgraph, by, never

SHELF = """
    type Query { finds: [Find!]! @shareable }
    union Find = Map | Coin
    type Map @key(fields: "id") { id: ID! }
    type Coin @key(fields: "id") { id: ID! }
"""
INDEX = """
    type Query {
      finds: [Find!]! @shareable @provides(fields: "... on Map { label }")
      doubles: [Find!]! @provides(fields: "... on Coin { label }")
    }
    union Find = Map | Coin
    type Map @key(fields: "id") { id: ID! label: String @external }
    type Coin @key(fields: "id") { id: ID! label: String @external }
"""
LABELS = """
    type Map @key(fields: "id") { id: ID! label: String @shareable scale: Int }
    type Coin @key(fields: "id") { id: ID! label: String @shareable metal: String }
"""
MAP = {"__typename": "Map", "id": "m1", "label": "Delta", "scale": 50}
COIN = {"__typename": "Coin", "id": "c1", "label": "Obol", "metal": "silver"}


def a_collection() -> Federation:
    wrong = {"label": NEVER}
    return Federation(
        {
            "shelf": Subgraph(SHELF, {"Query": {"finds": never}}),
            "index": Subgraph(
                INDEX,
                {"Query": {"finds": [MAP, COIN | wrong], "doubles": [MAP | wrong, COIN]}},
            ),
            "labels": Subgraph(
                LABELS, references={"Map": by("id", [MAP]), "Coin": by("id", [COIN])}
            ),
        }
    )


def test_a_provided_member_field_decides_between_subgraphs_with_the_same_root() -> None:
    assert a_collection().plan("{ finds { ... on Map { label } } }") == dedent(
        """\
        #0 index
            {
              finds {
                __typename
                ... on Map {
                  label
                }
              }
            }"""
    )


async def test_the_other_member_is_asked_for_where_its_field_is() -> None:
    collection = a_collection()

    answer = await collection.answer("{ finds { ... on Map { label } ... on Coin { label } } }")

    assert answer.errors == []
    assert answer.data == {"finds": [{"label": "Delta"}, {"label": "Obol"}]}
    assert collection.representations == [{"__typename": "Coin", "id": "c1"}]


async def test_another_field_may_provide_the_other_member() -> None:
    collection = a_collection()

    answer = await collection.answer("{ doubles { ... on Map { label } ... on Coin { label } } }")

    assert answer.data == {"doubles": [{"label": "Delta"}, {"label": "Obol"}]}
    assert collection.representations == [{"__typename": "Map", "id": "m1"}]


async def test_a_further_field_of_the_provided_member_costs_one_request_for_it() -> None:
    collection = a_collection()

    answer = await collection.answer("{ finds { ... on Map { label scale } ... on Coin { id } } }")

    assert answer.data == {"finds": [{"label": "Delta", "scale": 50}, {"id": "c1"}]}
    assert collection.representations == [{"__typename": "Map", "id": "m1"}]


async def test_both_roots_in_one_operation_share_the_further_requests() -> None:
    collection = a_collection()

    answer = await collection.answer(
        """{
          finds { ... on Map { scale } ... on Coin { metal } }
          doubles { ... on Map { scale } ... on Coin { metal } }
        }"""
    )

    expected = [{"scale": 50}, {"metal": "silver"}]
    assert answer.data == {"finds": expected, "doubles": expected}
    assert collection.asked == ["index", "labels"]
    assert len(collection.representations) == 2
