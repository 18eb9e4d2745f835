"""A universe's subgraphs refuse what a gateway must not ask; what fails does so for everybody."""

from typing import Any

import pytest

from gateway.transport.request import SubgraphRequest
from tests.support.course import Course
from tests.support.fake_subgraph import Misuse
from tests.support.subgraphs import a_context
from tests.support.universe import Universe

_SUBGRAPHS = {
    "catalog": """
        type Query { books: [Book!]! }
        type Book @key(fields: "isbn") { isbn: String! pages: Int! title: String note: String }
    """,
    "prices": """
        type Query { best: Book @provides(fields: "title") }
        type Book @key(fields: "isbn") {
          isbn: String! pages: Int! @external title: String @external
          note: String @override(from: "catalog", label: "early")
          price: Int @requires(fields: "pages") }
    """.replace("title: String @external", "title: String @external"),
}
_SUBGRAPHS["catalog"] = _SUBGRAPHS["catalog"].replace("title: String", "title: String @shareable")


@pytest.fixture(scope="module")
def universe() -> Universe:
    return Universe(_SUBGRAPHS)


async def asked(
    universe: Universe, subgraph: str, document: str, *, labels: tuple[str, ...] = (), **given: Any
) -> Any:
    course = Course(frozenset(labels))
    request = SubgraphRequest(subgraph, document, None, given, a_context())
    return (await universe.sends(course)[subgraph](request))["data"]


def entity(selection: str) -> str:
    return (
        "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Book "
        f"{{ {selection} }} }} }}"
    )


async def books(universe: Universe) -> list[dict[str, Any]]:
    answer = await asked(universe, "catalog", "{ books { __typename isbn pages } }")
    found: list[dict[str, Any]] = answer["books"]
    return found


async def test_a_field_that_requires_others_needs_their_values(universe: Universe) -> None:
    book = (await books(universe))[0]
    wrong = {**book, "pages": book["pages"] + 1}

    right = await asked(universe, "prices", entity("price"), of=[book])

    assert right["_entities"][0].keys() == {"price"}
    with pytest.raises(Misuse, match="other than required"):
        await asked(universe, "prices", entity("price"), of=[wrong])


@pytest.mark.parametrize("key", [{}, {"isbn": "none"}])
async def test_an_entity_needs_a_whole_key_of_its_own(
    universe: Universe, key: dict[str, str]
) -> None:
    with pytest.raises(Misuse, match="names no object"):
        await asked(universe, "prices", entity("isbn"), of=[{"__typename": "Book", **key}])


async def test_what_is_external_is_answered_only_where_it_is_provided(universe: Universe) -> None:
    book = (await books(universe))[0]

    provided = await asked(universe, "prices", "{ best { title } }")

    assert provided.keys() == {"best"}
    with pytest.raises(Misuse, match=r"not answered here: Book\.title"):
        await asked(universe, "prices", entity("title"), of=[book])


async def test_a_label_decides_who_answers_a_field(universe: Universe) -> None:
    book = (await books(universe))[0]

    await asked(universe, "prices", entity("note"), of=[book], labels=("early",))
    await asked(universe, "catalog", entity("note"), of=[book])

    with pytest.raises(Misuse, match=r"not answered here: Book\.note"):
        await asked(universe, "prices", entity("note"), of=[book])
    with pytest.raises(Misuse, match=r"not answered here: Book\.note"):
        await asked(universe, "catalog", entity("note"), of=[book], labels=("early",))


async def test_a_document_that_is_not_valid_is_refused(universe: Universe) -> None:
    with pytest.raises(Misuse, match="is never used"):
        await asked(universe, "catalog", "query ($unused: Int) { books { isbn } }")


async def test_what_fails_in_a_subgraph_fails_in_one_server_too() -> None:
    universe = Universe({"a": _MANY}, trouble=True)
    text = f"{{ {' '.join(f'f{number}' for number in range(60))} }}"

    answer = await asked(universe, "a", text)
    expected = universe.answer(text)

    assert answer == expected.data
    assert {tuple(each.path or ()) for each in expected.errors or ()} == set(
        universe.failures(text)
    )
    assert expected.errors


_MANY = f"type Query {{ {' '.join(f'f{number}: Int' for number in range(60))} }}"


async def test_mutations_show_their_order() -> None:
    universe = Universe({"a": "type Query { x: Int } type Mutation { one: Int! two: Int! }"})

    first = universe.answer("mutation { one two }").data
    second = universe.answer("mutation { two one }").data

    assert first is not None
    assert second is not None
    assert first["one"] != second["one"]
    assert first["two"] != second["two"]
