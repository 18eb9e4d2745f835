"""What is required of a list of several types may itself be computed elsewhere from other fields:
the whole list is completed, type by type, before it is sent.
"""

from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph

CARTS = """
    type Query { carts: [Cart!]! }
    type Cart @key(fields: "id") { id: ID! lines: [Line] }
    interface Line { id: ID! }
    type Goods implements Line @key(fields: "id") { id: ID! number: Int }
    type Work implements Line @key(fields: "id") { id: ID! hours: Int }
    type Gift implements Line { id: ID! @shareable }
"""
RATES = """
    type Goods @key(fields: "id") { id: ID! price: Int }
    type Work @key(fields: "id") { id: ID! rate: Int }
"""
TOTALS = """
    type Goods @key(fields: "id") {
      id: ID!
      number: Int @external
      price: Int @external
      total: Int @requires(fields: "number price")
    }
    type Work @key(fields: "id") {
      id: ID!
      hours: Int @external
      rate: Int @external
      total: Int @requires(fields: "hours rate")
    }
"""
SUMS = """
    type Cart @key(fields: "id") {
      id: ID!
      lines: [Line] @external
      sum(cents: Boolean = false): Int
        @requires(fields: "lines { ... on Goods { total } ... on Work { total } }")
    }
    interface Line { id: ID! }
    type Goods implements Line @key(fields: "id") { id: ID! total: Int @external }
    type Work implements Line @key(fields: "id") { id: ID! total: Int @external }
    type Gift implements Line { id: ID! @shareable }
"""
GOODS = {"__typename": "Goods", "id": "g", "number": 3}
WORK = {"__typename": "Work", "id": "w", "hours": 2}
GIFT = {"__typename": "Gift", "id": "f"}


def the_carts(*lines: list[Any] | None) -> Federation:
    carts = [{"id": str(at), "lines": each} for at, each in enumerate(lines)]
    return Federation(
        {
            "carts": Subgraph(CARTS, {"Query": {"carts": carts}}),
            "rates": Subgraph(RATES, {"Goods": {"price": 10}, "Work": {"rate": 50}}),
            "totals": Subgraph(
                TOTALS,
                {
                    "Goods": {"total": lambda goods: goods["number"] * goods["price"]},
                    "Work": {"total": lambda work: work["hours"] * work["rate"]},
                },
            ),
            "sums": Subgraph(SUMS, {"Cart": {"sum": sum_of}}),
        }
    )


def sum_of(cart: dict[str, Any], cents: bool) -> int:
    lines = [line for line in cart["lines"] or [] if line is not None]
    total: int = sum(line.get("total", 0) for line in lines)
    return total * (100 if cents else 1)


async def test_each_type_is_computed_before_the_list_is_sent() -> None:
    carts = the_carts([GOODS, WORK, GIFT])

    answer = await carts.answer("{ carts { sum } }")

    assert (answer.data, answer.errors) == ({"carts": [{"sum": 130}]}, [])
    assert carts.asked == ["carts", "rates", "totals", "sums"]
    assert carts.representations[-1]["lines"] == [
        {"__typename": "Goods", "total": 30},
        {"__typename": "Work", "total": 100},
        {"__typename": "Gift"},
    ]


async def test_lists_without_anything_to_compute_are_sent_as_they_are() -> None:
    carts = the_carts([], None, [None, GIFT])

    answer = await carts.answer("{ carts { sum } }")

    assert (answer.data, answer.errors) == ({"carts": [{"sum": 0}] * 3}, [])
    assert carts.asked == ["carts", "sums"]


async def test_one_requirement_serves_a_field_with_several_arguments() -> None:
    carts = the_carts([GOODS], [WORK, None])

    answer = await carts.answer("{ carts { sum whole: sum(cents: true) lines { id } } }")

    assert answer.errors == []
    assert answer.data == {
        "carts": [
            {"sum": 30, "whole": 3000, "lines": [{"id": "g"}]},
            {"sum": 100, "whole": 10000, "lines": [{"id": "w"}, None]},
        ]
    }
    assert carts.asked == ["carts", "rates", "totals", "sums"]


def test_the_list_is_named_type_by_type() -> None:
    [_, _, _, last] = the_carts().plan("{ carts { sum } }").split("\n#")

    assert f"#{last}" == dedent(
        """\
        #3 sums, after #0, #2
          $r0: carts.@, Cart by {id lines{__typename ...on Goods{total} ...on Work{total}}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Cart {
                  sum
                }
              }
            }"""
    )
