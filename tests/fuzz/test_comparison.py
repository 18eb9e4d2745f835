"""The comparison refuses what it says it refuses, and nothing else."""

from graphql import GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType

from tests.fuzz.comparison import Place, rest, wrong_errors, wrong_losses

_BOOK = GraphQLObjectType("Book", {})
_TYPES: dict[Place, GraphQLOutputType] = {
    ("books",): GraphQLList(GraphQLNonNull(_BOOK)),
    ("books", 0, "pages"): GraphQLInt,
    ("books", 0, "price"): GraphQLNonNull(GraphQLInt),
}


def errors(
    data: object, told: list[Place], expected: list[Place], failing: set[Place]
) -> list[str]:
    return [str(each) for each in wrong_errors(data, told, expected, failing)]


def losses(data: object, told: list[Place], expected: object) -> list[str]:
    return [str(each) for each in wrong_losses(data, told, expected, _TYPES)]


def test_equal_errors_are_right() -> None:
    place: Place = ("book", "pages")

    assert errors({"book": {"pages": None}}, [place], [place], {place}) == []


def test_either_of_two_errors_may_explain_the_null_that_both_made() -> None:
    pages: Place = ("book", "pages")
    price: Place = ("book", "price")

    assert errors({"book": None}, [pages], [price], {pages, price}) == []


def test_an_error_where_nothing_fails_is_wrong() -> None:
    book: Place = ("book",)
    pages: Place = ("book", "pages")

    assert errors({"book": None}, [book], [pages], {pages}) == [
        "book: an error is told, but nothing fails there"
    ]


def test_one_error_told_twice_is_wrong() -> None:
    book: Place = ("book",)

    assert errors({"book": None}, [book, book], [book], {book}) == ["book: an error is told twice"]


def test_a_null_that_only_one_side_explains_is_wrong() -> None:
    one: Place = ("one",)
    two: Place = ("two",)
    data = {"one": None, "two": None}

    assert errors(data, [one], [two], {one, two}) == [
        "one: this null has an error of ours",
        "two: this null has an error of theirs",
    ]


def test_an_error_of_a_value_that_is_there_is_wrong() -> None:
    one: Place = ("one",)

    assert errors({"one": 1}, [one], [], {one}) == ["one: an error is told where nothing is null"]


def test_a_null_comes_to_rest_at_its_place_or_above() -> None:
    data = {"books": [{"pages": None}, None]}

    assert rest(data, ("books", 0, "pages")) == ("books", 0, "pages")
    assert rest(data, ("books", 1, "pages")) == ("books", 1)
    assert rest(data, ("books", 2)) is None


def test_a_lost_value_with_an_error_is_right() -> None:
    expected = {"books": [{"pages": 1, "price": 2}]}

    assert losses({"books": [{"pages": None, "price": 2}]}, [("books", 0, "pages")], expected) == []
    assert losses({"books": None}, [("books", 0, "price")], expected) == []
    assert losses(None, [("books",)], expected) == []


def test_a_lost_value_without_an_error_is_wrong() -> None:
    data = {"books": [{"pages": None}]}

    assert losses(data, [], {"books": [{"pages": 1}]}) == ["books.0.pages: this null has no error"]


def test_a_null_that_the_server_has_too_may_have_an_error() -> None:
    data = {"books": [{"pages": None}]}

    assert losses(data, [("books", 0, "pages")], data) == []


def test_null_where_the_type_forbids_it_is_wrong() -> None:
    pages: Place = ("books", 0, "price")
    book: Place = ("books", 0)
    expected = {"books": [{"price": 1}]}

    assert losses({"books": [{"price": None}]}, [pages], expected) == [
        "books.0.price: null must not be here"
    ]
    assert losses({"books": [None]}, [book], expected) == ["books.0: null must not be here"]


def test_a_value_that_changes_for_a_lost_request_is_wrong() -> None:
    expected = {"books": [{"pages": 1}]}

    assert losses({"books": [{"pages": 2}]}, [], expected) == [
        "books.0.pages: the value is another"
    ]
    assert losses({"books": []}, [], expected) == ["books: the value is another"]
    assert losses({"books": [{}]}, [], expected) == ["books.0: the value is another"]
