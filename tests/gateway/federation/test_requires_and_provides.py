"""A small shop with all of it: keys, @requires, @provides, and circles between types."""

from textwrap import dedent
from typing import Any, Final

from tests.support.federation import NEVER, Federation, Subgraph, by

PEOPLE = """
    type Query { me: Person }
    type Person @key(fields: "id") { id: ID! name: String nick: String @shareable }
"""
STOCK = """
    type Query { top(first: Int = 2): [Item!]! }
    type Item @key(fields: "sku") { sku: String! name: String price: Int weight: Int }
"""
DEPOT = """
    type Item @key(fields: "sku") {
      sku: String!
      price: Int @external
      weight: Int @external
      inStock: Boolean
      freight: Int @requires(fields: "price weight")
      express: Int @requires(fields: "price weight")
    }
"""
NOTES = """
    type Note @key(fields: "id") {
      id: ID!
      text: String
      author: Person @provides(fields: "nick")
      item: Item
    }
    type Person @key(fields: "id") { id: ID! nick: String @external notes: [Note!]! }
    type Item @key(fields: "sku") { sku: String! notes: [Note!]! }
"""
ITEMS: Final[list[dict[str, Any]]] = [
    {"sku": "a", "name": "Lamp", "price": 10, "weight": 2},
    {"sku": "b", "name": "Desk", "price": 90, "weight": 30},
    {"sku": "c", "name": "Void", "price": None, "weight": 1},
]
PERSON = {"id": "1", "name": "Ann", "nick": "annie"}


def a_shop() -> Federation:
    authors = {"id": "1", "nick": "annie"}
    notes = [
        {"id": "n1", "text": "Bright", "author": authors, "item": {"sku": "a"}},
        {"id": "n2", "text": "Heavy", "author": authors, "item": {"sku": "b"}},
    ]
    of_item = {"a": notes[:1], "b": notes[1:], "c": []}
    return Federation(
        {
            "people": Subgraph(PEOPLE, {"Query": {"me": PERSON}}, {"Person": by("id", [PERSON])}),
            "stock": Subgraph(
                STOCK,
                {"Query": {"top": lambda _, first: ITEMS[:first]}},
                {"Item": by("sku", ITEMS)},
            ),
            "depot": Subgraph(
                DEPOT,
                {
                    "Item": {
                        "inStock": lambda item: item["sku"] == "a",
                        "freight": lambda item: item["price"] and item["price"] + item["weight"],
                        "express": lambda item: item["price"] and item["price"] * item["weight"],
                    }
                },
            ),
            "notes": Subgraph(
                NOTES,
                {
                    "Person": {"notes": notes},
                    "Item": {"notes": lambda item: of_item[item["sku"]]},
                },
                {"Person": lambda person: {**person, "nick": NEVER}},
            ),
        }
    )


async def test_what_is_provided_is_not_asked_for_elsewhere() -> None:
    shop = a_shop()

    answer = await shop.answer("{ me { notes { author { nick } } } }")

    assert answer.data == {"me": {"notes": [{"author": {"nick": "annie"}}] * 2}}
    assert shop.asked == ["people", "notes"]


async def test_what_is_not_provided_is() -> None:
    shop = a_shop()

    answer = await shop.answer("{ me { notes { author { nick name } } } }")

    assert answer.data == {"me": {"notes": [{"author": {"nick": "annie", "name": "Ann"}}] * 2}}
    assert shop.asked == ["people", "notes", "people"]
    assert len(shop.representations) == 2  # both authors are one person


async def test_off_the_provided_path_the_external_field_is_asked_of_its_owner() -> None:
    shop = a_shop()

    answer = await shop.answer("{ me { nick notes { id } } }")

    assert answer.data == {"me": {"nick": "annie", "notes": [{"id": "n1"}, {"id": "n2"}]}}


def test_two_fields_with_one_requirement_are_one_request() -> None:
    assert a_shop().plan("{ top { freight express inStock } }") == dedent(
        """\
        #0 stock
            {
              top {
                sku
                price
                weight
                __typename
              }
            }
        #1 depot, after #0
          $r0: top.@, Item by {sku price weight}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Item {
                  freight
                  express
                  inStock
                }
              }
            }"""
    )


async def test_what_was_required_stays_where_the_client_asked_for_it_too() -> None:
    shop = a_shop()

    answer = await shop.answer("{ top { express price freight } }")

    assert answer.data == {
        "top": [
            {"express": 20, "price": 10, "freight": 12},
            {"express": 2700, "price": 90, "freight": 120},
        ]
    }


async def test_a_required_null_is_sent_as_null() -> None:
    shop = a_shop()

    answer = await shop.answer("{ top(first: 3) { freight } }")

    assert answer.errors == []
    assert shop.representations[2] == {"__typename": "Item", "sku": "c", "price": None, "weight": 1}


async def test_a_requirement_and_the_clients_own_fields_share_a_request() -> None:
    shop = a_shop()

    answer = await shop.answer("{ me { notes { item { name freight } } } }")

    assert answer.errors == []
    assert answer.data == {
        "me": {
            "notes": [
                {"item": {"name": "Lamp", "freight": 12}},
                {"item": {"name": "Desk", "freight": 120}},
            ]
        }
    }
    assert shop.asked == ["people", "notes", "stock", "depot"]


async def test_a_field_without_requirement_waits_for_none() -> None:
    assert a_shop().rounds("{ me { notes { item { inStock name } } } }") == (
        "people > notes > depot+stock"
    )


async def test_a_circle_of_types_is_followed_as_far_as_the_client_asks() -> None:
    shop = a_shop()

    answer = await shop.answer(
        "{ me { notes { item { notes { author { notes { item { name } } } } } } } }"
    )

    assert answer.errors == []
    items = {"notes": [{"item": {"name": "Lamp"}}, {"item": {"name": "Desk"}}]}
    one = {"item": {"notes": [{"author": items}]}}
    assert answer.data == {"me": {"notes": [one, one]}}
    assert shop.asked == ["people", "notes", "stock"]


async def test_required_fields_under_a_clients_aliases_are_read_from_there() -> None:
    shop = a_shop()

    answer = await shop.answer("{ top { price: weight cost: price freight } }")

    assert answer.data == {
        "top": [
            {"price": 2, "cost": 10, "freight": 12},
            {"price": 30, "cost": 90, "freight": 120},
        ]
    }
