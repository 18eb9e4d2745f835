"""Reduction leaves what shows the difference and nothing else."""

from tests.fuzz.edits import smaller
from tests.fuzz.operations import Asked
from tests.fuzz.reduction import Case, reduced

_OPERATION = """
query Asked($show: Boolean!, $first: Int = 3) {
  books { title ... on Novel @include(if: $show) { ...Pages author { name } } }
  films(first: $first) { title }
}
fragment Pages on Novel { sheets: pages }
"""
_BOOKS = """
type Query { books(first: Int = 3): [Book!]! films: [Film] }
type Book @key(fields: "id") @key(fields: "isbn maker { id }") { id: ID! isbn: String pages: Int }
type Film { title: String }
"""


def plain(text: str) -> str:
    return " ".join(text.split())


async def test_an_operation_keeps_only_the_field_that_shows_the_difference() -> None:
    case = Case({"a": _BOOKS}, Asked(_OPERATION, {"show": True, "first": 1}))

    async def shows(candidate: Case) -> bool:
        return "pages" in candidate.asked.text

    small = await reduced(case, shows)

    assert plain(small.asked.text) == "{ books { pages } }"
    assert small.asked.variables == {}


async def test_subgraphs_keep_only_what_shows_the_difference() -> None:
    case = Case({"a": _BOOKS, "b": "type Query { other: Int }"}, Asked("{ books { pages } }"))

    async def shows(candidate: Case) -> bool:
        return any("maker" in sdl for sdl in candidate.subgraphs.values())

    small = await reduced(case, shows)

    assert list(small.subgraphs) == ["a"]
    assert plain(small.subgraphs["a"]) == 'type Book @key(fields: "maker") { pages: Int }'


async def test_what_shows_nothing_smaller_stays_as_it_is() -> None:
    case = Case({"a": _BOOKS}, Asked(_OPERATION))

    async def shows(candidate: Case) -> bool:
        return candidate == case

    assert await reduced(case, shows) == case


def test_what_only_the_removed_part_used_goes_with_it() -> None:
    texts = [plain(each) for each in smaller(_OPERATION)]

    without_films = [each for each in texts if "films" not in each]
    without_spread = [each for each in texts if "...Pages" not in each]

    assert without_films
    assert not any("$first" in each for each in without_films)
    assert without_spread
    assert not any("fragment Pages" in each for each in without_spread)
