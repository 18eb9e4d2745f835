"""One field may have a narrower type in one subgraph than in another: clients see the wider one,
and no subgraph is asked for types that its own field cannot have.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by, never

DESK = """
type Query { loan: Loan! }
type Loan @key(fields: "id") {
  id: ID! item: Item @shareable others: [Item!] @shareable who: Party @shareable
}
interface Item { id: ID! }
type Book implements Item @key(fields: "id") { id: ID! title: String @shareable }
type Film implements Item @key(fields: "id") { id: ID! minutes: Int }
union Party = Reader | School
type Reader @key(fields: "card") { card: ID! }
type School @key(fields: "name") { name: String! }
"""
STOCK = """
type Query { due: [Loan!]! overdue: Loan }
type Loan @key(fields: "id") {
  id: ID! item: Book @shareable others: [Book!]! @shareable who: Reader @shareable day: String
}
type Book @key(fields: "id") { id: ID! title: String @shareable shelf: String! }
type Reader @key(fields: "card") { card: ID! debt: Int! }
"""
FEES = """
type Loan @key(fields: "id") {
  id: ID! item: Item @external who: Party @external
  fee: Int @requires(fields: "item { id ... on Book { title } } who { ... on Reader { debt } }")
}
interface Item { id: ID! }
type Book implements Item @key(fields: "id") { id: ID! title: String @external }
type Film implements Item @key(fields: "id") { id: ID! }
union Party = Reader | School
type Reader @key(fields: "card") { card: ID! debt: Int! @external }
type School @key(fields: "name") { name: String! }
"""

BOOK = {"__typename": "Book", "id": "b", "title": "Emma", "shelf": "E3"}
READER = {"__typename": "Reader", "card": "r", "debt": 2}


def fee(loan: dict[str, Any]) -> int:
    return len(loan["item"]["title"]) + int(loan["who"]["debt"])


def a_library() -> Federation:
    closed = dict.fromkeys(("Book", "Film", "Reader", "School"), never)
    of_desk = {"id": "1", "item": BOOK, "others": [BOOK], "who": READER}
    of_stock = {**of_desk, "day": "Monday"}
    return Federation(
        {
            "desk": Subgraph(
                DESK,
                {"Query": {"loan": of_desk}},
                {"Loan": by("id", [of_desk]), "Film": never, "Book": by("id", [BOOK])},
            ),
            "fees": Subgraph(FEES, {"Loan": {"fee": fee}}, closed),
            "stock": Subgraph(
                STOCK,
                {"Query": {"due": [of_stock], "overdue": of_stock}},
                {
                    "Loan": by("id", [of_stock]),
                    "Book": by("id", [BOOK]),
                    "Reader": by("card", [READER]),
                },
            ),
        }
    )


async def test_an_object_where_others_have_an_interface_is_asked_as_an_object() -> None:
    library = a_library()
    text = "{ overdue { item { id __typename ... on Book { shelf } ... on Film { minutes } } } }"

    answer = await library.answer(text)

    assert answer.errors == []
    assert answer.data == {"overdue": {"item": {"id": "b", "__typename": "Book", "shelf": "E3"}}}
    assert library.plan(text) == (
        """\
#0 stock
    {
      overdue {
        item {
          __typename
          id
          shelf
        }
      }
    }"""
    )


async def test_the_type_of_a_narrower_field_is_known_there() -> None:
    library = a_library()

    answer = await library.answer("{ overdue { item { __typename } who { __typename } } }")

    assert answer.errors == []
    assert answer.data == {
        "overdue": {"item": {"__typename": "Book"}, "who": {"__typename": "Reader"}}
    }
    assert library.asked == ["stock"]


async def test_a_type_that_the_narrower_field_cannot_have_matches_nothing() -> None:
    library = a_library()

    answer = await library.answer("{ due { item { ... on Film { minutes } } day } }")

    assert answer.errors == []
    assert answer.data == {"due": [{"item": {}, "day": "Monday"}]}


async def test_a_narrower_list_is_asked_as_a_list_of_objects() -> None:
    library = a_library()

    answer = await library.answer(
        "{ due { others { id ... on Book { title shelf } ... on Film { minutes } } } }"
    )

    assert answer.errors == []
    assert answer.data == {"due": [{"others": [{"id": "b", "title": "Emma", "shelf": "E3"}]}]}


async def test_an_object_where_others_have_a_union_is_asked_as_an_object() -> None:
    library = a_library()

    answer = await library.answer("{ due { who { ... on Reader { card debt } } } }")

    assert answer.errors == []
    assert answer.data == {"due": [{"who": {"card": "r", "debt": 2}}]}
    assert library.asked == ["stock"]


async def test_a_value_is_of_a_type_that_all_subgraphs_may_give() -> None:
    library = a_library()

    answer = await library.answer(
        """{ loan {
          item { id ... on Film { minutes } ... on Book { shelf } }
          who { ... on School { name } ... on Reader { debt } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {"loan": {"item": {"id": "b", "shelf": "E3"}, "who": {"debt": 2}}}
    assert library.asked == ["desk", "stock"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ loan { fee } }", "desk > stock > fees"),
        ("{ overdue { fee } }", "stock > fees"),
    ],
)
async def test_what_is_required_of_the_wider_field_is_had_from_the_narrower(
    text: str, expected: str
) -> None:
    library = a_library()

    answer = await library.answer(text)

    assert answer.errors == []
    assert list((answer.data or {}).values()) == [{"fee": 6}]
    assert library.rounds(text) == expected


async def test_introspection_tells_the_wider_type() -> None:
    library = a_library()

    answer = await library.answer(
        '{ __type(name: "Loan") { fields { name type { name ofType { name } } } } }'
    )

    assert answer.data is not None
    types = {each["name"]: each["type"]["name"] for each in answer.data["__type"]["fields"]}
    assert (types["item"], types["who"]) == ("Item", "Party")
