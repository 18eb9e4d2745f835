"""A key may hold what lies in a list below the entity, and what is missing there is fetched first:
the parent is entered with the keys of its children.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by, never

SHOP = """
type Query { basket: Basket! baskets: [Basket!]! }
type Basket @key(fields: "lines { sku }") { lines: [Line!]! }
type Line @key(fields: "sku") { sku: ID! aisle: Aisle @shareable }
type Aisle @key(fields: "number") { number: ID! tag: String @shareable }
"""
CODES = """
type Line @key(fields: "sku") @key(fields: "sku ean") { sku: ID! ean: String! }
"""
DEALS = """
type Basket
  @key(fields: "lines{sku ean}")
  @key(fields: "lines{sku ean aisle{number tag}} best{sku}") {
  lines: [Line!]! best: Line @shareable first: Line @shareable
}
type Line @key(fields: "sku ean") { sku: ID! ean: String! aisle: Aisle @shareable }
type Aisle @key(fields: "number tag") { number: ID! tag: String @shareable }
"""
PRICES = """
type Line @key(fields: "sku ean aisle { number tag }") {
  sku: ID! ean: String! aisle: Aisle @shareable price: Price
}
type Aisle @key(fields: "number tag") { number: ID! tag: String @shareable }
type Price { cents: Int! }
"""

LINES: dict[str, dict[str, Any]] = {
    "s1": {
        "sku": "s1",
        "ean": "e1",
        "aisle": {"number": "a1", "tag": "dairy"},
        "price": {"cents": 120},
    },
    "s2": {
        "sku": "s2",
        "ean": "e2",
        "aisle": {"number": "a2", "tag": "bread"},
        "price": {"cents": 350},
    },
}


def known(sku: str, *fields: str) -> dict[str, Any]:
    row = LINES.get(sku, {"sku": sku, "aisle": None})
    return {name: row[name] for name in ("sku", *fields)}


def deals_of(representation: dict[str, Any]) -> Any:
    """The last line is the best one; all lines must be named by both codes."""
    skus = [each["sku"] for each in representation["lines"]]
    assert [each["ean"] for each in representation["lines"]] == [LINES[sku]["ean"] for sku in skus]
    lines = [known(sku, "ean", "aisle") for sku in skus]
    return {"lines": lines, "best": lines[-1], "first": lines[0]} if lines else None


def price_of(representation: dict[str, Any]) -> Any:
    line = LINES[representation["sku"]]
    assert representation["ean"] == line["ean"]
    assert representation["aisle"].items() >= line["aisle"].items()
    return line


def a_supermarket(*baskets: list[str]) -> Federation:
    found = [{"lines": [known(sku, "aisle") for sku in skus]} for skus in baskets]
    return Federation(
        {
            "shop": Subgraph(
                SHOP,
                {"Query": {"basket": found[0], "baskets": found}},
                {"Basket": never, "Line": never, "Aisle": never},
            ),
            "codes": Subgraph(CODES, references={"Line": by("sku", LINES.values())}),
            "deals": Subgraph(DEALS, references={"Basket": deals_of, "Line": never}),
            "prices": Subgraph(PRICES, references={"Line": price_of}),
        }
    )


async def test_a_parent_is_entered_with_what_was_fetched_for_its_children() -> None:
    market = a_supermarket(["s1", "s2"])
    text = "{ basket { first { sku } best { sku } } }"

    answer = await market.answer(text)

    assert answer.errors == []
    assert answer.data == {"basket": {"first": {"sku": "s1"}, "best": {"sku": "s2"}}}
    assert market.plan(text) == (
        """\
#0 shop
    {
      basket {
        lines {
          sku
          __typename
        }
        __typename
      }
    }
#1 codes, after #0
  $r0: basket.lines.@, Line by {sku}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Line {
          ean
        }
      }
    }
#2 deals, after #0, #1
  $r0: basket, Basket by {lines{sku ean}}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Basket {
          first {
            sku
          }
          best {
            sku
          }
        }
      }
    }"""
    )


async def test_the_parents_and_the_childrens_fields_are_fetched_at_the_same_time() -> None:
    market = a_supermarket(["s1", "s2"])
    text = "{ basket { lines { sku price { cents } } best { sku } } }"

    answer = await market.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "basket": {
            "lines": [
                {"sku": "s1", "price": {"cents": 120}},
                {"sku": "s2", "price": {"cents": 350}},
            ],
            "best": {"sku": "s2"},
        }
    }
    assert market.rounds(text) == "shop > codes > deals+prices"


async def test_what_the_parent_leads_to_is_followed_further() -> None:
    market = a_supermarket(["s1", "s2"])
    text = "{ basket { best { sku price { cents } } first { price { cents } } } }"

    answer = await market.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "basket": {
            "best": {"sku": "s2", "price": {"cents": 350}},
            "first": {"price": {"cents": 120}},
        }
    }
    assert market.rounds(text) == "shop > codes > deals > prices"


async def test_each_of_several_parents_has_its_own_children() -> None:
    market = a_supermarket(["s1", "s2"], ["s2", "s1"], ["s1"])

    answer = await market.answer("{ baskets { best { sku } lines { sku } } }")

    assert answer.errors == []
    assert answer.data is not None
    assert [each["best"]["sku"] for each in answer.data["baskets"]] == ["s2", "s1", "s1"]
    assert market.asked == ["shop", "codes", "deals"]


async def test_an_empty_list_is_a_key_too() -> None:
    market = a_supermarket([])

    answer = await market.answer("{ basket { best { sku } } }")

    assert answer.errors == []
    assert answer.data == {"basket": {"best": None}}
    assert market.representations == [{"__typename": "Basket", "lines": []}]


async def test_a_parent_with_a_child_that_has_no_code_cannot_be_entered() -> None:
    market = a_supermarket(["s1", "s3"])

    answer = await market.answer("{ basket { lines { sku } first { sku } } }")

    assert answer.errors == []
    assert answer.data == {"basket": {"lines": [{"sku": "s1"}, {"sku": "s3"}], "first": None}}
    assert market.asked == ["shop", "codes"]


async def test_the_childrens_code_is_not_shown() -> None:
    market = a_supermarket(["s1"])

    answer = await market.answer("{ basket { first { sku } lines { price { cents } } } }")

    assert answer.data == {"basket": {"first": {"sku": "s1"}, "lines": [{"price": {"cents": 120}}]}}
