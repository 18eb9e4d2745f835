"""A null where none may be takes the nearest object or list that may be null (GraphQL 6.4.4).

Whatever it takes, there is one error for one cause, and none where the subgraph said it already.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, never

MENU = """
    type Query { menu: Menu menus: [Menu] sure: Menu! course(id: ID!): Course }
    type Menu @key(fields: "id") { id: ID! courses: [Course!] starter: Course! }
    type Course @key(fields: "id") { id: ID! title: String! }
"""
KITCHEN = """
    type Course @key(fields: "id") { id: ID! minutes: Int! cook: Cook! note: String }
    type Cook { name: String! }
"""
COURSES = [{"id": "a", "title": "Soup"}, {"id": "b", "title": "Pie"}]
MENU_ROW = {"id": "m", "courses": COURSES, "starter": COURSES[0]}
GOOD = {"minutes": 5, "cook": {"name": "Flo"}, "note": "hot"}


def a_restaurant(**kitchen: Any) -> Federation:
    """`kitchen` is what the second subgraph knows of the courses a and b."""
    return Federation(
        {
            "menu": Subgraph(
                MENU,
                {
                    "Query": {
                        "menu": MENU_ROW,
                        "menus": [MENU_ROW, MENU_ROW | {"courses": COURSES[1:]}],
                        "sure": MENU_ROW,
                        "course": lambda _, id: next(c for c in COURSES if c["id"] == id),
                    }
                },
            ),
            "kitchen": Subgraph(
                KITCHEN, references={"Course": lambda each: kitchen.get(each["id"], GOOD)}
            ),
        }
    )


def test_what_may_not_be_null_is_planned_like_anything_else() -> None:
    assert a_restaurant().plan("{ menu { courses { minutes } } }") == dedent(
        """\
        #0 menu
            {
              menu {
                courses {
                  id
                  __typename
                }
              }
            }
        #1 kitchen, after #0
          $r0: menu.courses.@, Course by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Course {
                  minutes
                }
              }
            }"""
    )


@pytest.mark.parametrize(
    ("text", "data", "path"),
    [
        ('{ course(id: "b") { id minutes } }', {"course": None}, "course.minutes"),
        (
            "{ menu { id courses { minutes } } }",
            {"menu": {"id": "m", "courses": None}},
            "menu.courses.1.minutes",
        ),
        ("{ sure { courses { minutes } } }", {"sure": {"courses": None}}, "sure.courses.1.minutes"),
    ],
)
async def test_an_error_of_a_subgraph_takes_what_may_be_null_and_is_told_once(
    text: str, data: object, path: str
) -> None:
    answer = await a_restaurant(b={"minutes": ValueError()}).answer(text)

    assert answer.data == data
    assert answer.faults == [("SUBGRAPH_ERROR", path)]


@pytest.mark.parametrize("wanted", ["cook { name }", "minutes cook { name }"])
async def test_an_error_that_took_its_entity_is_told_where_it_began(wanted: str) -> None:
    failing = {"minutes": 5, "cook": {"name": ValueError()}}

    answer = await a_restaurant(b=failing).answer(f'{{ course(id: "b") {{ {wanted} }} }}')

    assert answer.data == {"course": None}
    assert answer.faults == [("SUBGRAPH_ERROR", "course.cook.name")]


async def test_in_a_list_of_nullables_only_the_element_is_lost() -> None:
    answer = await a_restaurant(a={"minutes": ValueError()}).answer(
        "{ menus { courses { id } starter { minutes } } }"
    )

    assert answer.data == {"menus": [None, None]}
    assert [path for _, path in answer.faults] == [
        "menus.0.starter.minutes",
        "menus.1.starter.minutes",
    ]


async def test_where_no_null_may_be_up_to_the_root_there_are_no_data() -> None:
    answer = await a_restaurant(a={"minutes": ValueError()}).answer(
        "{ menu { id } sure { starter { minutes } } }"
    )

    assert answer.data is None
    assert answer.faults == [("SUBGRAPH_ERROR", "sure.starter.minutes")]


async def test_a_failed_request_is_one_error_where_its_nulls_come_to_one() -> None:
    federation = Federation(
        {
            "menu": Subgraph(MENU, {"Query": {"menu": MENU_ROW}}),
            "kitchen": Subgraph(KITCHEN, references={"Course": never}),
        }
    )

    answer = await federation.answer("{ menu { id courses { minutes cook { name } } } }")

    assert answer.data == {"menu": {"id": "m", "courses": None}}
    assert len(answer.faults) == 1


async def test_a_nullable_field_beside_a_lost_one_does_not_save_the_object() -> None:
    answer = await a_restaurant(b=GOOD | {"minutes": ValueError()}).answer(
        '{ course(id: "b") { note minutes title } }'
    )

    assert answer.data == {"course": None}


async def test_an_entity_that_the_second_subgraph_does_not_know_is_no_error() -> None:
    answer = await a_restaurant(b=None).answer(
        '{ course(id: "b") { title minutes } other: course(id: "a") { minutes } }'
    )

    assert (answer.data, answer.errors) == ({"course": None, "other": {"minutes": 5}}, [])


async def test_where_a_list_has_no_nulls_an_unknown_entity_is_one_error() -> None:
    answer = await a_restaurant(b=None).answer("{ menu { courses { minutes } } }")

    assert answer.data == {"menu": {"courses": None}}
    assert answer.faults == [("INVALID_VALUE", "menu.courses.1")]


async def test_a_root_field_that_took_its_neighbour_along_is_told_once() -> None:
    federation = Federation(
        {
            "menu": Subgraph(
                "type Query { house: House @shareable open: Int! } type House { rooms: Int! }",
                {"Query": {"house": {"rooms": 3}, "open": ValueError()}},
            ),
            "kitchen": Subgraph(
                "type Query { house: House @shareable } type House { note: String }",
                {"Query": {"house": {"note": "hot"}}},
            ),
        }
    )

    answer = await federation.answer("{ house { rooms note } open }")

    assert answer.data is None
    assert answer.faults == [("SUBGRAPH_ERROR", "open")]
