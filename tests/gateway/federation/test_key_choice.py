"""A subgraph with several keys is entered by one that can be had where one comes from, whatever
their order; `extension` in a supergraph changes nothing.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by, never

SHELVES = """
type Query { item: Item }
type Item @key(fields: "id") { id: ID name: String }
"""
PRICES = """
type Item @extends @key(fields: "id name") @key(fields: "barcode") {
  id: ID! @external name: String! @external barcode: String! @external price: Float
}
"""
SCANNER = """
extend type Query { scanned: Item }
extend type Item @key(fields: "barcode") { barcode: String! @external weight: Int }
"""
TURNED = PRICES.replace(
    '@key(fields: "id name") @key(fields: "barcode")',
    '@key(fields: "barcode") @key(fields: "id name")',
)
TEA = {"id": "1", "name": "tea", "barcode": "||||", "price": 2.5, "weight": 100}


def named_by(*fields: str) -> Callable[[dict[str, Any]], Any]:
    """An entrance that takes exactly these keys."""

    def resolve(representation: dict[str, Any]) -> Any:
        assert set(representation) == {"__typename", *fields}
        return TEA

    return resolve


def a_shop(prices: str, *keys: str) -> Federation:
    shelved = {"id": "1", "name": "tea"}
    scanned = {"barcode": "||||", "weight": 100}
    return Federation(
        {
            "shelves": Subgraph(
                SHELVES, {"Query": {"item": shelved}}, {"Item": by("id", [shelved])}, link=""
            ),
            "prices": Subgraph(prices, references={"Item": named_by(*keys)}, link=""),
            "scanner": Subgraph(
                SCANNER, {"Query": {"scanned": scanned}}, {"Item": named_by("barcode")}, link=""
            ),
        }
    )


@pytest.mark.parametrize("prices", [PRICES, TURNED])
async def test_the_key_that_can_be_had_is_used(prices: str) -> None:
    shop = a_shop(prices, "id", "name")
    text = "{ item { price barcode } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert answer.data == {"item": {"price": 2.5, "barcode": "||||"}}
    assert shop.plan(text) == (
        """\
#0 shelves
    {
      item {
        id
        name
        __typename
      }
    }
#1 prices, after #0
  $r0: item, Item by {id name}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Item {
          price
          barcode
        }
      }
    }"""
    )


@pytest.mark.parametrize("prices", [PRICES, TURNED])
async def test_from_elsewhere_another_key_is_used(prices: str) -> None:
    shop = a_shop(prices, "barcode")

    answer = await shop.answer("{ scanned { price weight } }")

    assert answer.errors == []
    assert answer.data == {"scanned": {"price": 2.5, "weight": 100}}
    assert shop.asked == ["scanner", "prices"]


@pytest.mark.parametrize("prices", [PRICES, TURNED])
async def test_a_key_of_an_extension_is_answered_there(prices: str) -> None:
    shop = a_shop(prices, "barcode")

    answer = await shop.answer("{ scanned { id name } }")

    assert answer.errors == []
    assert answer.data == {"scanned": {"id": "1", "name": "tea"}}
    assert shop.asked == ["scanner", "prices"]


@pytest.mark.parametrize("prices", [PRICES, TURNED])
async def test_a_key_is_fetched_where_it_is_known_to_go_further(prices: str) -> None:
    shop = a_shop(prices, "id", "name")

    answer = await shop.answer("{ item { weight } }")

    assert answer.errors == []
    assert answer.data == {"item": {"weight": 100}}
    assert shop.asked == ["shelves", "prices", "scanner"]


@pytest.mark.parametrize("prices", [PRICES, TURNED])
async def test_what_lies_on_the_way_costs_nothing_more(prices: str) -> None:
    shop = a_shop(prices, "id", "name")

    answer = await shop.answer("{ item { weight price barcode } }")

    assert answer.errors == []
    assert answer.data == {"item": {"weight": 100, "price": 2.5, "barcode": "||||"}}
    assert shop.asked == ["shelves", "prices", "scanner"]


async def test_a_key_that_is_null_is_no_key() -> None:
    nameless = Subgraph(
        SHELVES, {"Query": {"item": {"id": "1", "name": None}}}, {"Item": never}, link=""
    )
    shop = Federation(
        {
            "shelves": nameless,
            "prices": Subgraph(PRICES, references={"Item": never}, link=""),
            "scanner": Subgraph(SCANNER, references={"Item": never}, link=""),
        }
    )

    answer = await shop.answer("{ item { id price } }")

    assert answer.errors == []
    assert answer.data == {"item": {"id": "1", "price": None}}
    assert shop.asked == ["shelves"]
