"""A subgraph may have any name; an @override and a plan call it by that."""

from textwrap import dedent

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

TEAS = """
    type Query { tea: Tea }
    type Tea @key(fields: "id") { id: ID! name: String }
"""
CUPS = """
    type Query { served: [Tea!]! }
    type Tea @key(fields: "id") { id: ID! cup: String @override(from: "1st-shelf") }
"""
SHELF = """
    type Query { first: Tea }
    type Tea @key(fields: "id") { id: ID! cup: String shelf: Int }
"""


def a_kitchen() -> Federation:
    tea = {"id": "1", "name": "Assam"}
    shelved = {"id": "1", "cup": NEVER, "shelf": 3}
    return Federation(
        {
            "teas.internal": Subgraph(TEAS, {"Query": {"tea": tea}}, {"Tea": by("id", [tea])}),
            "cups-und-gläser": Subgraph(
                CUPS, {"Query": {"served": [{"id": "1"}]}, "Tea": {"cup": "blue"}}
            ),
            "1st-shelf": Subgraph(
                SHELF, {"Query": {"first": shelved}}, {"Tea": by("id", [shelved])}
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ tea { cup shelf } }", {"tea": {"cup": "blue", "shelf": 3}}),
        (
            "{ served { name shelf cup } }",
            {"served": [{"name": "Assam", "shelf": 3, "cup": "blue"}]},
        ),
        ("{ first { cup name } }", {"first": {"cup": "blue", "name": "Assam"}}),
    ],
)
async def test_subgraphs_of_all_names_work_together(text: str, expected: object) -> None:
    answer = await a_kitchen().answer(text)

    assert (answer.data, answer.errors) == (expected, [])


def test_plans_call_subgraphs_by_their_names() -> None:
    assert a_kitchen().plan("{ tea { cup } }") == dedent(
        """\
        #0 teas.internal
            {
              tea {
                id
                __typename
              }
            }
        #1 cups-und-gläser, after #0
          $r0: tea, Tea by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Tea {
                  cup
                }
              }
            }"""
    )
