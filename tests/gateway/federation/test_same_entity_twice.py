"""One entity in several places: named once where it is named alike, apart where it is not, and each
place gets what was asked there.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by

ORDERS = """
type Query { lines: [Line!]! first: Line! basket: Basket! }
type Basket { lines: [Line!]! gift: Line }
type Line @key(fields: "sku") { sku: ID! amount: Int! note: String }
"""
PRICES = """
type Line @key(fields: "sku") {
  sku: ID! amount: Int! @external
  total: Int! @requires(fields: "amount")
  price: Int!
  maker: Maker
}
type Maker { name: String! town: String }
"""

LINES = (
    {"sku": "tea", "amount": 2, "note": None},
    {"sku": "tea", "amount": 5, "note": "wrap"},
    {"sku": "tea", "amount": 2, "note": "again"},
)
TEA = {"sku": "tea", "price": 3, "maker": {"name": "Ming", "town": None}}


def total(line: dict[str, Any]) -> int:
    return int(line["amount"] * line["price"])


def a_shop() -> Federation:
    return Federation(
        {
            "orders": Subgraph(
                ORDERS,
                {
                    "Query": {
                        "lines": LINES,
                        "first": LINES[0],
                        "basket": {"lines": LINES[1:], "gift": LINES[0]},
                    }
                },
            ),
            "prices": Subgraph(PRICES, {"Line": {"total": total}}, {"Line": by("sku", [TEA])}),
        }
    )


async def test_one_key_with_different_required_values_is_named_apart() -> None:
    shop = a_shop()

    answer = await shop.answer("{ lines { total } }")

    assert answer.errors == []
    assert answer.data == {"lines": [{"total": 6}, {"total": 15}, {"total": 6}]}
    assert len(shop.representations) == 2


async def test_one_key_is_named_once_for_all_its_places_in_a_list() -> None:
    shop = a_shop()

    answer = await shop.answer("{ lines { price note } }")

    assert answer.errors == []
    assert answer.data == {
        "lines": [
            {"price": 3, "note": None},
            {"price": 3, "note": "wrap"},
            {"price": 3, "note": "again"},
        ]
    }
    assert shop.representations == [{"__typename": "Line", "sku": "tea"}]


async def test_each_place_gets_what_was_asked_there() -> None:
    shop = a_shop()
    text = "{ first { price } basket { lines { total } gift { maker { name } } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "first": {"price": 3},
        "basket": {"lines": [{"total": 15}, {"total": 6}], "gift": {"maker": {"name": "Ming"}}},
    }
    assert shop.asked == ["orders", "prices"]


async def test_the_same_question_in_two_places_is_put_once() -> None:
    shop = a_shop()
    text = "{ first { price } basket { gift { price } lines { price } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert len(shop.representations) == 1
    assert shop.plan(text) == (
        """\
#0 orders
    {
      first {
        sku
        __typename
      }
      basket {
        gift {
          sku
          __typename
        }
        lines {
          sku
          __typename
        }
      }
    }
#1 prices, after #0
  $r0: first, Line by {sku}
  $r0: basket.gift, Line by {sku}
  $r0: basket.lines.@, Line by {sku}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Line {
          price
        }
      }
    }"""
    )


async def test_places_may_ask_for_different_parts_of_what_it_holds() -> None:
    shop = a_shop()

    answer = await shop.answer(
        """{
          first { maker { name } }
          basket { gift { maker { town } } lines { of: maker { name } } }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "first": {"maker": {"name": "Ming"}},
        "basket": {
            "gift": {"maker": {"town": None}},
            "lines": [{"of": {"name": "Ming"}}, {"of": {"name": "Ming"}}],
        },
    }


async def test_places_may_use_one_key_for_different_fields() -> None:
    shop = a_shop()

    answer = await shop.answer("{ first { n: price } basket { gift { n: total } } }")

    assert answer.errors == []
    assert answer.data == {"first": {"n": 3}, "basket": {"gift": {"n": 6}}}
