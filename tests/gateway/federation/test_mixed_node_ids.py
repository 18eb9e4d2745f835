"""A shared root field of an interface is answered by one subgraph for every type that is asked: the
parts of one object are never pieced together from two, and an external key opens no way out.
"""

from pathlib import Path

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

PRESS = """
type Query { find(id: ID!): Entry @shareable story: Story! }
interface Entry { id: ID! }
type Story implements Entry @key(fields: "id") { id: ID! title: String! }
type Photo implements Entry @key(fields: "id") { id: ID! @external caption: String! }
"""
PICTURES = """
type Query { find(id: ID!): Entry @shareable photo: Photo! }
interface Entry { id: ID! }
type Story implements Entry @key(fields: "id") { id: ID! @external }
type Photo implements Entry @key(fields: "id") { id: ID! lens: String! stories: [Story!]! }
"""
SUPERGRAPH = Path(__file__).parent / "supergraphs" / "mixed_node_ids.graphql"

STORY = {"__typename": "Story", "id": "s1", "title": "Flood"}
PHOTO = {"__typename": "Photo", "id": "p1", "lens": "35mm", "stories": []}
#: What each subgraph knows of what is the other's.
FOREIGN_STORY = {"__typename": "Story", "id": NEVER}
FOREIGN_PHOTO = {"__typename": "Photo", "id": NEVER, "caption": "A street under water"}


def a_newsroom() -> Federation:
    def found(story: object, photo: object) -> object:
        return lambda _, id: {"s1": story, "p1": photo}.get(id)

    return Federation(
        {
            "press": Subgraph(
                PRESS,
                {"Query": {"find": found(STORY, FOREIGN_PHOTO), "story": STORY}},
                {
                    "Story": by("id", [STORY]),
                    "Photo": lambda named: {**FOREIGN_PHOTO, "id": named["id"]},
                },
            ),
            "pictures": Subgraph(
                PICTURES,
                {"Query": {"find": found(FOREIGN_STORY, PHOTO), "photo": PHOTO}},
                {"Photo": by("id", [PHOTO])},
            ),
        },
        supergraph=SUPERGRAPH.read_text(),
    )


@pytest.mark.parametrize(
    "text",
    [
        '{ find(id: "s1") { id } }',
        '{ find(id: "p1") { id } }',
        '{ find(id: "s1") { ... on Entry { id } } }',
        '{ find(id: "s1") { ... on Story { id title } ... on Photo { id lens } } }',
        '{ find(id: "s1") { ... on Story { title } ... on Photo { lens } } }',
        "{ photo { stories { title } } }",
        '{ a: find(id: "s1") { __typename } b: find(id: "p1") { id } }',
        '{ story { title } find(id: "s1") { id } }',
    ],
)
async def test_what_no_subgraph_has_for_every_type_refuses_the_whole_operation(text: str) -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer(text)

    assert answer.data is None
    assert answer.faults == [("QUERY_PLAN_IMPOSSIBLE", "")]
    assert newsroom.asked == []


@pytest.mark.parametrize(("id", "type"), [("s1", "Story"), ("p1", "Photo")])
async def test_the_type_is_told_by_any_of_them(id: str, type: str) -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer("query ($id: ID!) { find(id: $id) { __typename } }", {"id": id})

    assert answer.errors == []
    assert answer.data == {"find": {"__typename": type}}
    assert len(newsroom.asked) == 1


@pytest.mark.parametrize(
    ("id", "fragment", "subgraph", "found"),
    [
        ("s1", "... on Story { id title }", "press", {"id": "s1", "title": "Flood"}),
        ("p1", "... on Photo { id lens }", "pictures", {"id": "p1", "lens": "35mm"}),
        ("p1", "... on Story { id title }", "press", {}),
        ("s1", "... on Photo { id lens }", "pictures", {}),
        ("p1", "... on Photo { caption }", "press", {"caption": "A street under water"}),
        ("s1", "... on Story { __typename id }", "press", {"__typename": "Story", "id": "s1"}),
    ],
)
async def test_one_types_fields_come_from_the_subgraph_that_has_them(
    id: str, fragment: str, subgraph: str, found: dict[str, str]
) -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer(
        f"query ($id: ID!) {{ find(id: $id) {{ {fragment} }} }}", {"id": id}
    )

    assert answer.errors == []
    assert answer.data == {"find": found}
    assert newsroom.asked == [subgraph]


async def test_two_finds_are_asked_of_their_own_subgraphs_at_the_same_time() -> None:
    newsroom = a_newsroom()
    text = """{
      story: find(id: "s1") { ... on Story { id title } }
      photo: find(id: "p1") { ... on Photo { id lens } }
    }"""

    answer = await newsroom.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "story": {"id": "s1", "title": "Flood"},
        "photo": {"id": "p1", "lens": "35mm"},
    }
    assert newsroom.plan(text) == (
        """\
#0 press
    {
      story: find(id: "s1") {
        __typename
        ... on Story {
          id
          title
        }
      }
    }
#1 pictures
    {
      photo: find(id: "p1") {
        __typename
        ... on Photo {
          id
          lens
        }
      }
    }"""
    )


async def test_a_type_can_be_asked_where_its_id_is_its_own() -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer("{ story { id title } photo { id lens } }")

    assert answer.errors == []
    assert answer.data == {
        "story": {"id": "s1", "title": "Flood"},
        "photo": {"id": "p1", "lens": "35mm"},
    }


async def test_an_entry_that_nobody_finds_is_null() -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer('{ find(id: "x") { ... on Photo { id lens } } }')

    assert answer.errors == []
    assert answer.data == {"find": None}


async def test_fields_of_several_types_that_one_subgraph_has_are_one_request() -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer(
        '{ find(id: "p1") { ... on Story { title } ... on Photo { caption } } }'
    )

    assert answer.errors == []
    assert answer.data == {"find": {"caption": "A street under water"}}
    assert newsroom.asked == ["press"]


async def test_an_external_key_lets_in_from_where_it_is_known() -> None:
    newsroom = a_newsroom()

    answer = await newsroom.answer("{ photo { caption lens } }")

    assert answer.errors == []
    assert answer.data == {"photo": {"caption": "A street under water", "lens": "35mm"}}
    assert newsroom.representations == [{"__typename": "Photo", "id": "p1"}]
