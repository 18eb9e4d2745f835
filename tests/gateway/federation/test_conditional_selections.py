"""@skip and @include on fields and fragments, with variables and their defaults: what is left out
is neither answered nor fetched, and neither is what only it needs.
"""

import pytest

from tests.support.federation import Federation, Subgraph, by, never

LIBRARY = """
type Query { items: [Item!]! }
interface Item { id: ID! shelf: String }
type Book implements Item @key(fields: "id") { id: ID! shelf: String pages: Int! }
type Map implements Item @key(fields: "id") { id: ID! shelf: String scale: Int! }
"""
TITLES = """
type Book @key(fields: "id") { id: ID! title: String! isbn: String! }
type Map @key(fields: "id") { id: ID! title: String! }
"""

ITEMS = (
    {"__typename": "Book", "id": "b", "shelf": "3A", "pages": 320},
    {"__typename": "Map", "id": "m", "shelf": "Z", "scale": 25000},
)


def a_library() -> Federation:
    return Federation(
        {
            "library": Subgraph(
                LIBRARY, {"Query": {"items": ITEMS}}, {"Book": never, "Map": never}
            ),
            "titles": Subgraph(
                TITLES,
                references={
                    "Book": by("id", [{"id": "b", "title": "Sult", "isbn": "978"}]),
                    "Map": by("id", [{"id": "m", "title": "Galdhøpiggen"}]),
                },
            ),
        }
    )


@pytest.mark.parametrize(
    ("variables", "book"),
    [
        ({}, {"title": "Sult"}),
        ({"with": True}, {"title": "Sult"}),
        ({"with": False}, {}),
    ],
)
async def test_a_condition_inside_its_opposite_is_never_met(
    variables: dict[str, bool], book: dict[str, str]
) -> None:
    library = a_library()

    answer = await library.answer(
        """query ($with: Boolean = true) { items {
          ... on Book @include(if: $with) { title ... on Book @skip(if: $with) { isbn } }
        } }""",
        variables,
    )

    assert answer.errors == []
    assert answer.data == {"items": [book, {}]}
    assert library.resolved["titles.Book.isbn"] == 0


@pytest.mark.parametrize(
    ("skip", "book"),
    [(True, {"isbn": "978"}), (False, {"title": "Sult", "isbn": "978"})],
)
async def test_a_type_may_have_one_fragment_with_a_condition_and_one_without(
    skip: bool, book: dict[str, str]
) -> None:
    library = a_library()

    answer = await library.answer(
        """query ($skip: Boolean!) { items {
          ... on Book @skip(if: $skip) { title }
          ... on Book { isbn }
        } }""",
        {"skip": skip},
    )

    assert answer.errors == []
    assert answer.data == {"items": [book, {}]}
    assert library.asked == ["library", "titles"]


async def test_a_fetch_is_left_out_with_all_that_it_would_bring() -> None:
    library = a_library()
    text = """query ($with: Boolean = false) {
      items { shelf ... on Book @include(if: $with) { title } }
    }"""

    answer = await library.answer(text)

    assert answer.errors == []
    assert answer.data == {"items": [{"shelf": "3A"}, {"shelf": "Z"}]}
    assert library.asked == ["library"]
    assert library.plan(text) == (
        """\
#0 library
    {
      items {
        __typename
        shelf
      }
    }"""
    )


@pytest.mark.parametrize(
    ("a", "b", "titles"),
    [
        (False, False, [{}, {}]),
        (True, False, [{"title": "Sult"}, {}]),
        (False, True, [{}, {"title": "Galdhøpiggen"}]),
        (True, True, [{"title": "Sult"}, {"title": "Galdhøpiggen"}]),
    ],
)
async def test_each_type_follows_its_own_condition(
    a: bool, b: bool, titles: list[dict[str, str]]
) -> None:
    library = a_library()

    answer = await library.answer(
        """query ($a: Boolean!, $b: Boolean!) { items {
          ... on Book @include(if: $a) { title }
          ... on Map @include(if: $b) { title }
        } }""",
        {"a": a, "b": b},
    )

    assert answer.errors == []
    assert answer.data == {"items": titles}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
async def test_a_field_is_there_when_any_of_its_occurrences_is(first: bool, second: bool) -> None:
    library = a_library()

    answer = await library.answer(
        """query ($first: Boolean!, $second: Boolean!) { items { ... on Book {
          title @include(if: $first)
          ... @include(if: $second) { title }
          pages
        } } }""",
        {"first": first, "second": second},
    )

    assert answer.errors == []
    assert answer.data is not None
    assert ("title" in answer.data["items"][0]) == (first or second)


@pytest.mark.parametrize(
    ("skip", "include", "there"),
    [(True, True, False), (True, False, False), (False, True, True), (False, False, False)],
)
async def test_skip_wins_over_include_on_one_field(skip: bool, include: bool, there: bool) -> None:
    library = a_library()

    answer = await library.answer(
        """query ($skip: Boolean!, $include: Boolean!) {
          items { shelf ... on Map { title @skip(if: $skip) @include(if: $include) } }
        }""",
        {"skip": skip, "include": include},
    )

    assert answer.errors == []
    assert answer.data is not None
    assert ("title" in answer.data["items"][1]) == there


async def test_a_condition_on_a_spread_holds_for_the_whole_named_fragment() -> None:
    library = a_library()

    answer = await library.answer(
        """
        query ($with: Boolean!) { items { ...Titled @include(if: $with) shelf } }
        fragment Titled on Item { ...OfBook ... on Map { title } }
        fragment OfBook on Book { title }
        """,
        {"with": False},
    )

    assert answer.data == {"items": [{"shelf": "3A"}, {"shelf": "Z"}]}
    assert library.asked == ["library"]


async def test_a_spread_with_a_condition_does_not_take_away_the_one_without() -> None:
    library = a_library()

    answer = await library.answer(
        """
        query ($with: Boolean!) { items { ...Titled @include(if: $with) ...Titled } }
        fragment Titled on Item { ... on Book { title } }
        """,
        {"with": False},
    )

    assert answer.data == {"items": [{"title": "Sult"}, {}]}


@pytest.mark.parametrize(("text", "there"), [("true", True), ("false", False)])
async def test_a_literal_condition_is_decided_before_planning(text: str, there: bool) -> None:
    library = a_library()

    answer = await library.answer(
        f"{{ items {{ shelf ... on Book @include(if: {text}) {{ title }} }} }}"
    )

    assert answer.data is not None
    assert ("title" in answer.data["items"][0]) == there
    assert ("titles" in library.asked) == there


async def test_all_of_a_selection_may_be_left_out() -> None:
    library = a_library()

    answer = await library.answer("query ($no: Boolean = true) { items { shelf @skip(if: $no) } }")

    assert answer.errors == []
    assert answer.data == {"items": [{}, {}]}


async def test_an_operation_of_which_nothing_is_left_sends_nothing() -> None:
    library = a_library()

    answer = await library.answer("query ($no: Boolean = true) { items @skip(if: $no) { shelf } }")

    assert answer.errors == []
    assert answer.data == {}
    assert library.asked == []


async def test_the_type_can_be_left_out_too() -> None:
    library = a_library()

    answer = await library.answer(
        """query ($no: Boolean = true) {
          items { kind: __typename @skip(if: $no) ... on Book { title } }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {"items": [{"title": "Sult"}, {}]}


async def test_a_condition_that_is_null_is_refused() -> None:
    library = a_library()

    answer = await library.answer(
        "query ($with: Boolean = true) { items { shelf @include(if: $with) } }", {"with": None}
    )

    assert answer.data is None
    assert answer.faults == [("BAD_USER_INPUT", "")]
    assert library.asked == []


async def test_a_condition_without_its_variable_is_refused() -> None:
    library = a_library()

    answer = await library.answer("query ($with: Boolean!) { items { shelf @include(if: $with) } }")

    assert answer.faults == [("BAD_USER_INPUT", "")]
    assert library.asked == []


async def test_a_variable_that_only_decides_is_not_sent() -> None:
    library = a_library()

    await library.answer(
        "query ($with: Boolean!) { items { ... on Book @include(if: $with) { title } } }",
        {"with": True},
    )

    assert all("with" not in call.variables for call in library.calls)
    assert all("$with" not in call.document for call in library.calls)


async def test_a_variable_may_decide_and_be_an_argument_too() -> None:
    radio = Federation(
        {
            "radio": Subgraph(
                "type Query { tune(loud: Boolean!): String }",
                {"Query": {"tune": lambda _, loud: f"loud: {loud}"}},
            )
        }
    )

    answer = await radio.answer(
        "query ($it: Boolean!) { yes: tune(loud: $it) @include(if: $it) no: tune(loud: $it) }",
        {"it": False},
    )

    assert answer.errors == []
    assert answer.data == {"no": "loud: False"}
