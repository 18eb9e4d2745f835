"""@provides at any depth: through lists, through several objects, for a part of what is asked."""

from textwrap import dedent

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

FEED = """
    type Query {
      posts: [Post!]! @provides(fields: "author { nick team { motto } }")
      drafts: [Post!]!
      latest: Post @provides(fields: "author { nick }") @shareable
    }
    type Post @key(fields: "id") { id: ID! author: Author @external replies: [Reply!] }
    type Reply { text: String by: Author @provides(fields: "nick") }
    type Author @key(fields: "id") { id: ID! nick: String @external team: Team @external }
    type Team @key(fields: "id") { id: ID! motto: String @external }
"""
PEOPLE = """
    type Query { latest: Post @shareable }
    type Post @key(fields: "id") { id: ID! author: Author @shareable }
    type Author @key(fields: "id") {
      id: ID!
      nick: String @shareable
      born: Int
      team: Team @shareable
    }
    type Team @key(fields: "id") { id: ID! motto: String @shareable size: Int }
"""
TEAM = {"id": "t", "motto": "Up", "size": 11}
AUTHOR = {"id": "a", "nick": "pip", "born": 1990, "team": TEAM}
POST = {"id": "1", "author": AUTHOR}


def a_feed() -> Federation:
    reply = {"text": "Yes", "by": {"id": "a", "nick": "pip", "team": NEVER}}
    post = POST | {"replies": [reply]}
    wrong = {"author": NEVER}
    return Federation(
        {
            "feed": Subgraph(
                FEED,
                {"Query": {"posts": [post, post], "drafts": [post | wrong], "latest": post}},
                {"Post": by("id", [post | wrong])},
            ),
            "people": Subgraph(
                PEOPLE,
                {"Query": {"latest": POST}},
                {
                    "Post": by("id", [POST]),
                    "Author": by("id", [AUTHOR]),
                    "Team": by("id", [TEAM]),
                },
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "{ posts { author { nick } } }",
            {"posts": [{"author": {"nick": "pip"}}] * 2},
            ["feed"],
        ),
        (
            "{ posts { author { team { motto } } } }",
            {"posts": [{"author": {"team": {"motto": "Up"}}}] * 2},
            ["feed"],
        ),
        (
            "{ posts { author { nick born } } }",
            {"posts": [{"author": {"nick": "pip", "born": 1990}}] * 2},
            ["feed", "people"],
        ),
        (
            "{ posts { author { team { motto size } } } }",
            {"posts": [{"author": {"team": {"motto": "Up", "size": 11}}}] * 2},
            ["feed", "people"],
        ),
        (
            "{ drafts { author { nick } } }",
            {"drafts": [{"author": {"nick": "pip"}}]},
            ["feed", "people"],
        ),
        (
            "{ posts { replies { by { nick } } } }",
            {"posts": [{"replies": [{"by": {"nick": "pip"}}]}] * 2},
            ["feed"],
        ),
        (
            "{ posts { replies { by { team { motto } } } } }",
            {"posts": [{"replies": [{"by": {"team": {"motto": "Up"}}}]}] * 2},
            ["feed", "people"],
        ),
        (
            "{ latest { author { nick born } } }",
            {"latest": {"author": {"nick": "pip", "born": 1990}}},
            ["people"],
        ),
    ],
)
async def test_what_is_provided_is_taken_there_and_the_rest_is_fetched(
    text: str, expected: object, asked: list[str]
) -> None:
    feed = a_feed()

    answer = await feed.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert feed.asked == asked


def test_a_provided_and_an_external_use_of_one_field_are_told_apart() -> None:
    text = "{ posts { author { nick } } drafts { author { nick } } }"

    assert a_feed().plan(text) == dedent(
        """\
        #0 feed
            {
              posts {
                author {
                  nick
                }
              }
              drafts {
                id
                __typename
              }
            }
        #1 people, after #0
          $r0: drafts.@, Post by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Post {
                  author {
                    nick
                  }
                }
              }
            }"""
    )
