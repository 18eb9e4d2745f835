"""Objects that lead to each other through many subgraphs: each step is one request, however many
objects take it, and going there and back again is planned like any other way.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph

AUTHORS = """
type Query { me: Author! }
type Author @key(fields: "id") { id: ID! name: String! friends: [Author!]! }
"""
BOOKS = """
type Author @key(fields: "id") { id: ID! books: [Book!]! }
type Book @key(fields: "isbn") { isbn: ID! author: Author! sequel: Book }
"""
REVIEWS = """
type Book @key(fields: "isbn") { isbn: ID! reviews: [Review!]! }
type Review @key(fields: "id") { id: ID! book: Book! by: Author! }
type Author @key(fields: "id") { id: ID! reviewed: [Review!]! }
"""
STARS = """
type Review @key(fields: "id") { id: ID! stars: Int! }
"""


def a_bookshop() -> Federation:
    def author(id: Any) -> dict[str, Any]:
        return {"id": str(id)}

    def book(number: Any) -> dict[str, Any]:
        return {"isbn": str(number)}

    def review(id: Any) -> dict[str, Any]:
        return {"id": str(id)}

    return Federation(
        {
            "authors": Subgraph(
                AUTHORS,
                {
                    "Query": {"me": author(1)},
                    "Author": {
                        "name": lambda it: f"author {it['id']}",
                        "friends": lambda it: [author(2), author(3)],
                    },
                },
            ),
            "books": Subgraph(
                BOOKS,
                {
                    "Author": {"books": lambda it: [book(f"{it['id']}0"), book(f"{it['id']}1")]},
                    "Book": {
                        "author": lambda it: author(it["isbn"][:-1]),
                        "sequel": lambda it: (
                            book(it["isbn"][:-1] + "1") if it["isbn"][-1] == "0" else None
                        ),
                    },
                },
            ),
            "reviews": Subgraph(
                REVIEWS,
                {
                    "Book": {"reviews": lambda it: [review(it["isbn"])]},
                    "Review": {"book": lambda it: book(it["id"]), "by": lambda it: author(9)},
                    "Author": {"reviewed": lambda it: [review("10"), review("20")]},
                },
            ),
            "stars": Subgraph(STARS, {"Review": {"stars": lambda it: int(it["id"]) % 5}}),
        }
    )


def first_along(data: Any, steps: list[str]) -> Any:
    """What lies at the end of a way, taking the first of every list."""
    for step in steps:
        data = data[step]
        data = data[0] if isinstance(data, list) else data
    return data


async def test_there_and_back_again_is_one_request_for_each_step() -> None:
    shop = a_bookshop()
    text = "{ me { books { reviews { by { name books { isbn } } } } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    by_nine = {"by": {"name": "author 9", "books": [{"isbn": "90"}, {"isbn": "91"}]}}
    assert answer.data == {"me": {"books": [{"reviews": [by_nine]}, {"reviews": [by_nine]}]}}
    assert shop.rounds(text) == "authors > books > reviews > authors+books"


async def test_a_key_that_is_known_already_is_not_fetched_again() -> None:
    shop = a_bookshop()
    text = "{ me { books { isbn reviews { book { isbn author { id } } } } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert shop.rounds(text) == "authors > books > reviews > books"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { id reviewed { id } } }", "authors > reviews"),
        ("{ me { reviewed { stars } books { isbn } } }", "authors > books+reviews > stars"),
        ("{ me { reviewed { book { isbn } by { id } } } }", "authors > reviews"),
        ("{ me { reviewed { book { sequel { isbn } } } } }", "authors > reviews > books"),
        (
            "{ me { reviewed { book { sequel { reviews { stars } } } } } }",
            "authors > reviews > books > reviews > stars",
        ),
        ("{ me { friends { name friends { name } } } }", "authors"),
        ("{ me { friends { books { isbn } } books { isbn } } }", "authors > books"),
        ("{ me { friends { reviewed { id } friends { reviewed { id } } } } }", "authors > reviews"),
    ],
)
async def test_the_way_is_as_long_as_it_must_be(text: str, expected: str) -> None:
    shop = a_bookshop()

    answer = await shop.answer(text)

    assert answer.errors == []
    assert shop.rounds(text) == expected


async def test_a_way_of_many_steps_is_planned_and_taken() -> None:
    shop = a_bookshop()
    steps = ["books", "reviews", "by"] * 5
    text = "name"
    for step in reversed(steps):
        text = f"{step} {{ {text} }}"

    answer = await shop.answer(f"{{ me {{ {text} }} }}")

    assert answer.errors == []
    assert len(shop.asked) == 1 + 2 * 5 + 1
    assert first_along(answer.data, ["me", *steps]) == {"name": "author 9"}


async def test_many_aliases_of_one_way_are_as_many_requests_as_one() -> None:
    shop = a_bookshop()
    aliases = " ".join(f"a{n}: reviewed {{ stars }}" for n in range(40))

    answer = await shop.answer(f"{{ me {{ {aliases} }} }}")

    assert answer.errors == []
    assert shop.asked == ["authors", "reviews", "stars"]
    assert len(shop.representations) == 1 + 2


async def test_the_same_step_from_two_sides_is_one_request_where_the_way_stays_as_long() -> None:
    shop = a_bookshop()
    text = "{ me { reviewed { stars } books { reviews { stars } } } }"

    answer = await shop.answer(text)

    assert answer.errors == []
    assert shop.rounds(text) == "authors > books > reviews > stars"
