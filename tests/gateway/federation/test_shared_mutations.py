"""A mutation is run once, by one subgraph, though several have it or had it; what it returns is
followed like anything else, after it and before what comes next.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by, never

TILL = """
type Query { total: Int! }
type Mutation {
  sell(cents: Int!): Sale @shareable
  refund(id: ID!): Sale!
  close: Change!
  count: Counted!
}
type Sale @key(fields: "id") { id: ID! cents: Int! @shareable till: String! }
union Change = Sale | Closed
type Closed { at: String! }
type Counted { query: Query! }
"""
BOOKS = """
type Query { booked: Int! }
type Mutation {
  sell(cents: Int!): Sale @shareable
  refund(id: ID!): Sale! @override(from: "till")
}
type Sale @key(fields: "id") { id: ID! cents: Int! @shareable page: Int! }
"""


class Ledger:
    """What both subgraphs write into."""

    def __init__(self) -> None:
        self.sales: list[dict[str, Any]] = []

    def sell(self, _: Any, cents: int) -> dict[str, Any]:
        id = str(len(self.sales) + 1)
        sale = {"id": id, "cents": cents, "till": "left", "page": len(self.sales)}
        self.sales.append({"__typename": "Sale", **sale})
        return self.sales[-1]

    def refund(self, _: Any, id: str) -> dict[str, Any]:
        return self.sell(_, -self.sales[int(id) - 1]["cents"])

    def named(self, representation: dict[str, Any]) -> Any:
        return by("id", self.sales)(representation)

    def total(self, _: Any) -> int:
        return sum(each["cents"] for each in self.sales)


def a_shop(ledger: Ledger, closing: dict[str, Any] | None = None) -> Federation:
    return Federation(
        {
            "till": Subgraph(
                TILL,
                {
                    "Query": {"total": ledger.total},
                    "Mutation": {
                        "sell": ledger.sell,
                        "refund": never,
                        "close": closing or {"__typename": "Closed", "at": "18:00"},
                        "count": {"query": {}},
                    },
                },
                {"Sale": ledger.named},
            ),
            "books": Subgraph(
                BOOKS,
                {
                    "Query": {"booked": ledger.total},
                    "Mutation": {"sell": ledger.sell, "refund": ledger.refund},
                },
                {"Sale": ledger.named},
            ),
        }
    )


async def test_a_mutation_that_two_subgraphs_have_runs_once() -> None:
    ledger = Ledger()
    shop = a_shop(ledger)
    text = "mutation { sell(cents: 5) { id cents till page } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert answer.data == {"sell": {"id": "1", "cents": 5, "till": "left", "page": 0}}
    assert len(ledger.sales) == 1
    assert shop.plan(text) == (
        """\
#0 till
    mutation {
      sell(cents: 5) {
        id
        cents
        till
        __typename
      }
    }
#1 books, after #0
  $r0: sell, Sale by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Sale {
          page
        }
      }
    }"""
    )


async def test_the_subgraph_that_has_all_that_is_asked_runs_it() -> None:
    till, books = a_shop(Ledger()), a_shop(Ledger())

    await till.answer("mutation { sell(cents: 5) { till } }")
    await books.answer("mutation { sell(cents: 5) { page } }")

    assert till.asked == ["till"]
    assert books.asked == ["books"]


async def test_mutations_of_which_each_has_its_own_subgraph_stay_in_order() -> None:
    ledger = Ledger()
    shop = a_shop(ledger)

    answer = await shop.answer(
        """mutation {
          a: sell(cents: 5) { page id }
          b: sell(cents: 7) { till id }
          c: sell(cents: 9) { page id }
        }"""
    )

    assert answer.errors == []
    assert [each["cents"] for each in ledger.sales] == [5, 7, 9]
    assert answer.data is not None
    assert [each["id"] for each in answer.data.values()] == ["1", "2", "3"]


async def test_a_mutation_that_was_taken_over_is_run_by_who_took_it() -> None:
    ledger = Ledger()
    shop = a_shop(ledger)

    answer = await shop.answer(
        'mutation { sell(cents: 5) { till } refund(id: "1") { cents till } }'
    )

    assert answer.errors == []
    assert answer.data == {"sell": {"till": "left"}, "refund": {"cents": -5, "till": "left"}}
    assert shop.asked == ["till", "books", "till"]


async def test_a_mutation_may_return_one_of_several_types() -> None:
    ledger = Ledger()
    shop = a_shop(ledger, ledger.sell(None, 3))
    text = "mutation { close { __typename ... on Sale { page } ... on Closed { at } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert answer.data == {"close": {"__typename": "Sale", "page": 0}}
    assert shop.asked == ["till", "books"]


async def test_a_mutation_whose_type_has_nothing_elsewhere_is_one_request() -> None:
    shop = a_shop(Ledger())

    answer = await shop.answer("mutation { close { ... on Sale { page } ... on Closed { at } } }")

    assert answer.errors == []
    assert answer.data == {"close": {"at": "18:00"}}
    assert shop.asked == ["till"]


async def test_a_mutation_may_lead_back_to_the_queries_as_they_are_then() -> None:
    shop = a_shop(Ledger())

    answer = await shop.answer(
        """mutation {
          one: sell(cents: 5) { id }
          counted: count { query { total booked } }
          two: sell(cents: 7) { id }
          again: count { query { booked } }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "one": {"id": "1"},
        "counted": {"query": {"total": 5, "booked": 5}},
        "two": {"id": "2"},
        "again": {"query": {"booked": 12}},
    }


async def test_a_mutation_that_returns_nothing_is_not_followed() -> None:
    ledger = Ledger()
    shop = Federation(
        {
            "till": Subgraph(
                TILL, {"Mutation": {"sell": None}, "Query": {"total": 0}}, {"Sale": never}
            ),
            "books": Subgraph(
                BOOKS, {"Mutation": {"sell": None}, "Query": {"booked": 0}}, {"Sale": never}
            ),
        }
    )

    answer = await shop.answer("mutation { sell(cents: 1) { till page } }")

    assert answer.errors == []
    assert answer.data == {"sell": None}
    assert len(shop.asked) == 1
    assert ledger.sales == []
