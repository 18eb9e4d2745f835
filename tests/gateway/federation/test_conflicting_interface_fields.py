"""A type may promise more than its interface does. Where the whole schema promises less, clients
may ask through both; the subgraph, which knows the promise, is asked in a way that it takes.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by

CLUBS = """
type Query { members: [Named!]! first: Person }
interface Named { name: String badge: Badge tags: [String] }
type Person implements Named @key(fields: "id") {
  id: ID! name: String! @shareable badge: Badge! @shareable tags: [String!]! @shareable
  height: Int! @shareable
}
type Robot implements Named @key(fields: "id") {
  id: ID! name: String badge: Badge tags: [String] height: Int
}
type Badge @key(fields: "number") { number: ID! colour: String! @shareable }
"""
CENSUS = """
type Query { counted: [Counted] }
union Counted = Person | Robot
type Person @key(fields: "id") {
  id: ID! name: String @shareable badge: Badge @shareable tags: [String] @shareable
  height: Int @shareable
}
type Robot @key(fields: "id") { id: ID! }
type Badge @key(fields: "number") { number: ID! colour: String @shareable }
"""
GATES = """
type Person @key(fields: "id") {
  id: ID! height: Int @external fits: Boolean @requires(fields: "height")
}
type Robot @key(fields: "id") {
  id: ID! height: Int @external fits: Boolean @requires(fields: "height")
}
"""

KIM = {
    "__typename": "Person",
    "id": "1",
    "name": "Kim",
    "badge": {"number": "7", "colour": "red"},
    "tags": ["goalie"],
    "height": 180,
}
R2 = {
    "__typename": "Robot",
    "id": "2",
    "name": None,
    "badge": None,
    "tags": [None],
    "height": 110,
}


def fits(named: dict[str, Any]) -> bool:
    return bool(named["height"] < 150)


def a_club() -> Federation:
    return Federation(
        {
            "clubs": Subgraph(
                CLUBS,
                {"Query": {"members": [KIM, R2], "first": KIM}},
                {"Person": by("id", [KIM]), "Robot": by("id", [R2])},
            ),
            "census": Subgraph(
                CENSUS,
                {
                    "Query": {
                        "counted": [
                            {"__typename": "Robot", "id": "2"},
                            {"__typename": "Person", "id": "1", "name": "Kim", "height": 180},
                        ]
                    }
                },
            ),
            "gates": Subgraph(GATES, {"Person": {"fits": fits}, "Robot": {"fits": fits}}),
        }
    )


async def test_a_field_may_be_asked_of_the_interface_and_of_the_type() -> None:
    club = a_club()

    answer = await club.answer("{ members { name ... on Person { name } } }")

    assert answer.errors == []
    assert answer.data == {"members": [{"name": "Kim"}, {"name": None}]}
    assert club.asked == ["clubs"]


async def test_an_object_may_be_asked_of_the_interface_and_of_the_type() -> None:
    club = a_club()

    answer = await club.answer(
        "{ members { badge { number } ... on Person { badge { colour } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "members": [{"badge": {"number": "7", "colour": "red"}}, {"badge": None}]
    }
    assert club.asked == ["clubs"]


async def test_a_list_may_be_asked_of_both_types() -> None:
    club = a_club()

    answer = await club.answer("{ members { ... on Person { tags } ... on Robot { tags } } }")

    assert answer.errors == []
    assert answer.data == {"members": [{"tags": ["goalie"]}, {"tags": [None]}]}


async def test_an_alias_may_stand_for_different_fields_of_the_two() -> None:
    club = a_club()

    answer = await club.answer(
        "{ members { ... on Person { x: height } ... on Robot { x: height } } }"
    )

    assert answer.errors == []
    assert answer.data == {"members": [{"x": 180}, {"x": 110}]}


async def test_what_is_required_of_both_types_may_differ() -> None:
    club = a_club()
    text = "{ members { ... on Person { fits } ... on Robot { fits } } }"

    answer = await club.answer(text)

    assert answer.errors == []
    assert answer.data == {"members": [{"fits": False}, {"fits": True}]}
    assert club.plan(text) == (
        """\
#0 clubs
    {
      members {
        __typename
        ... on Person {
          id
          height
        }
        ... on Robot {
          id
          __pc1_height: height
        }
      }
    }
#1 gates, after #0
  $r0: members.@, Person | Robot by {id height}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Person {
          fits
        }
        ... on Robot {
          fits
        }
      }
    }"""
    )


async def test_what_is_required_of_entities_of_both_types_may_differ() -> None:
    club = a_club()

    answer = await club.answer("{ counted { ... on Person { fits } ... on Robot { fits } } }")

    assert answer.errors == []
    assert answer.data == {"counted": [{"fits": True}, {"fits": False}]}


async def test_what_is_required_and_what_is_asked_may_differ_together() -> None:
    club = a_club()

    answer = await club.answer(
        """{ counted {
          ... on Person { fits name height }
          ... on Robot { fits name height }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "counted": [
            {"fits": True, "name": None, "height": 110},
            {"fits": False, "name": "Kim", "height": 180},
        ]
    }


async def test_one_type_alone_needs_no_other_name() -> None:
    club = a_club()

    assert "__p" not in club.plan("{ first { name badge { colour } tags } }")
