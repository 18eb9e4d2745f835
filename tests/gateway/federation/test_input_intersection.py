"""Of an input type that subgraphs share, clients may use the fields that all of them have: what
only some have is unknown to the gateway, also for the subgraphs that have it.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph

TRAINS = """
type Query {
  trains(page: Page, near: Near): [String!]!
  clock(zone: String, format: String = "H:m"): String @shareable
}
input Page { first: Int = 2 offset: Int order: Order = UP }
input Near { place: String! within: Int }
enum Order { UP DOWN }
"""
BUSES = """
type Query { buses(page: Page): [String!]! clock(zone: String): String @shareable }
input Page { first: Int = 2 order: Order = UP }
enum Order { UP DOWN }
"""


def listed(name: str) -> Any:
    return lambda _, page=None, near=None: [
        f"{name}: {sorted((page or {}).items())} {sorted((near or {}).items())}"
    ]


def clock(_: Any, zone: str = "UTC", format: str = "") -> str:
    return f"noon in {zone}"


def a_timetable() -> Federation:
    return Federation(
        {
            "trains": Subgraph(TRAINS, {"Query": {"trains": listed("trains"), "clock": clock}}),
            "buses": Subgraph(BUSES, {"Query": {"buses": listed("buses"), "clock": clock}}),
        }
    )


@pytest.mark.parametrize(
    "text",
    [
        "{ trains(page: { offset: 1 }) }",
        "{ buses(page: { first: 1, offset: 1 }) }",
        "{ trains(page: { offset: null }) }",
        "{ trains(page: { first: 1 }) buses(page: { offset: 1 }) }",
        '{ clock(zone: "CET", format: "H") }',
    ],
)
async def test_a_field_that_not_all_have_is_unknown_in_a_literal(text: str) -> None:
    timetable = a_timetable()

    answer = await timetable.answer(text)

    assert answer.data is None
    assert answer.faults == [("GRAPHQL_VALIDATION_FAILED", "")]
    assert timetable.asked == []


@pytest.mark.parametrize("field", ["trains", "buses"])
async def test_a_field_that_not_all_have_is_unknown_in_a_variable(field: str) -> None:
    timetable = a_timetable()

    answer = await timetable.answer(
        f"query ($page: Page) {{ {field}(page: $page) }}", {"page": {"first": 1, "offset": 1}}
    )

    assert answer.data is None
    assert answer.faults == [("BAD_USER_INPUT", "")]
    assert timetable.asked == []


async def test_a_field_that_all_have_reaches_both() -> None:
    timetable = a_timetable()
    text = "query ($n: Int) { trains(page: { first: $n }) buses(page: { first: 1, order: DOWN }) }"

    answer = await timetable.answer(text, {"n": 3})

    assert answer.errors == []
    assert answer.data == {
        "trains": ["trains: [('first', 3), ('order', 'UP')] []"],
        "buses": ["buses: [('first', 1), ('order', 'DOWN')] []"],
    }
    assert timetable.plan(text, {"n": 3}) == (
        """\
#0 trains
    query ($n: Int) {
      trains(page: { first: $n })
    }
#1 buses
    {
      buses(page: { first: 1, order: DOWN })
    }"""
    )


async def test_an_input_type_of_one_subgraph_keeps_all_its_fields() -> None:
    timetable = a_timetable()

    answer = await timetable.answer('{ trains(near: { place: "Ghent", within: 5 }) }')

    assert answer.errors == []
    assert answer.data == {"trains": ["trains: [] [('place', 'Ghent'), ('within', 5)]"]}


async def test_what_all_have_is_what_introspection_tells() -> None:
    timetable = a_timetable()

    answer = await timetable.answer('{ __type(name: "Page") { inputFields { name } } }')

    assert answer.data == {"__type": {"inputFields": [{"name": "first"}, {"name": "order"}]}}


async def test_a_null_that_is_given_stays_a_null() -> None:
    timetable = a_timetable()

    answer = await timetable.answer("{ trains(page: { first: null }) buses(page: null) }")

    assert answer.data == {
        "trains": ["trains: [('first', None), ('order', 'UP')] []"],
        "buses": ["buses: [] []"],
    }


async def test_a_variable_inside_an_input_that_is_not_given_leaves_the_field_out() -> None:
    timetable = a_timetable()

    answer = await timetable.answer("query ($n: Int) { buses(page: { first: $n }) }")

    assert answer.errors == []
    assert answer.data == {"buses": ["buses: [('first', 2), ('order', 'UP')] []"]}


async def test_an_argument_that_not_all_have_is_none_of_the_fields() -> None:
    timetable = a_timetable()

    answer = await timetable.answer(
        '{ clock(zone: "CET") __type(name: "Query") { fields { name args { name } } } }'
    )

    assert answer.errors == []
    assert answer.data is not None
    fields = {each["name"]: each["args"] for each in answer.data["__type"]["fields"]}
    assert answer.data["clock"] == "noon in CET"
    assert fields["clock"] == [{"name": "zone"}]
