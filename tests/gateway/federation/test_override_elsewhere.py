"""A field that was taken over may be a key, be required, be provided or belong to an interface:
everywhere it is the new owner's, and the old owner's value is never used.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

LEGACY = """
    type Query {
      pupil: Pupil
      pupils: [Pupil!]!
      desk: Desk @provides(fields: "pupil { house }")
    }
    type Pupil @key(fields: "id") @key(fields: "number") {
      id: ID!
      number: Int!
      grade: Int
      house: String @external
      motto: String @requires(fields: "house")
    }
    type Desk { pupil: Pupil }
"""
GRADES = """
    type Query { graded: [Pupil!]! }
    type Pupil @key(fields: "id") {
      id: ID!
      number: Int! @shareable @override(from: "legacy")
      grade: Int @override(from: "legacy")
    }
"""
HOUSES = """
    type Pupil @key(fields: "id") {
      id: ID!
      house: String @shareable
      grade: Int @external
      prize: String @requires(fields: "grade")
    }
"""
LIBRARY = """
    type Query { reader: Pupil }
    type Pupil @key(fields: "number") { number: Int! books: Int }
"""


def a_school() -> Federation:
    legacy = {"id": "p", "number": -1, "grade": 1, "house": NEVER}
    graded = {"id": "p", "number": 7, "grade": 9}
    return Federation(
        {
            "legacy": Subgraph(
                LEGACY,
                {
                    "Query": {
                        "pupil": legacy,
                        "pupils": [legacy],
                        "desk": {"pupil": legacy | {"house": "Owl"}},
                    },
                    "Pupil": {"motto": lambda pupil: f"For {pupil['house']}!"},
                },
                {"Pupil": lambda pupil: {**legacy, **pupil}},
            ),
            "grades": Subgraph(
                GRADES, {"Query": {"graded": [graded]}}, {"Pupil": by("id", [graded])}
            ),
            "houses": Subgraph(
                HOUSES,
                {"Pupil": {"prize": lambda pupil: "gold" if pupil["grade"] > 8 else None}},
                {"Pupil": lambda pupil: {"house": "Fox", **pupil}},
            ),
            "library": Subgraph(
                LIBRARY,
                {"Query": {"reader": {"number": 7}}},
                {"Pupil": by("number", [{"number": 7, "books": 3}])},
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "{ pupil { grade number } }",
            {"pupil": {"grade": 9, "number": 7}},
            ["legacy", "grades"],
        ),
        ("{ pupil { books } }", {"pupil": {"books": 3}}, ["legacy", "grades", "library"]),
        ("{ graded { books } }", {"graded": [{"books": 3}]}, ["grades", "library"]),
        ("{ pupil { prize } }", {"pupil": {"prize": "gold"}}, ["legacy", "grades", "houses"]),
        ("{ graded { prize } }", {"graded": [{"prize": "gold"}]}, ["grades", "houses"]),
        ("{ reader { grade } }", {"reader": {"grade": 9}}, ["library", "legacy", "grades"]),
        ("{ desk { pupil { house } } }", {"desk": {"pupil": {"house": "Owl"}}}, ["legacy"]),
        ("{ pupil { motto } }", {"pupil": {"motto": "For Fox!"}}, ["legacy", "houses", "legacy"]),
        (
            "{ desk { pupil { motto } } }",
            {"desk": {"pupil": {"motto": "For Owl!"}}},
            ["legacy", "legacy"],
        ),
    ],
)
async def test_the_new_owners_value_is_used(
    text: str, expected: dict[str, Any], asked: list[str]
) -> None:
    school = a_school()

    answer = await school.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert school.asked == asked


def test_a_key_that_was_taken_over_is_learned_from_the_new_owner() -> None:
    assert a_school().plan("{ pupil { books } }") == dedent(
        """\
        #0 legacy
            {
              pupil {
                id
                __typename
              }
            }
        #1 grades, after #0
          $r0: pupil, Pupil by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Pupil {
                  number
                }
              }
            }
        #2 library, after #0, #1
          $r0: pupil, Pupil by {number}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Pupil {
                  books
                }
              }
            }"""
    )
