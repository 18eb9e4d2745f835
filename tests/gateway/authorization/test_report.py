"""What callers are told of denials: each where it is, in the order of the answer."""

from typing import Any

import pytest

from gateway.executor.answer import MOST_ERRORS
from tests.support.guarded import Guarded, a_caller, denied
from tests.support.running_subgraph import Subgraph

STAFF = """
    type Query { staff: [Employee!]! boss: Employee first: Employee! count: Int @authenticated }
    type Employee @key(fields: "id") {
      id: ID!
      name: String
      pay: Int @requiresScopes(scopes: [["invoice:read", "report:export"], ["staff:finance"]])
      badge: String! @authenticated
      peers: [Employee!]
      rows: [[Employee!]]
    }
"""
DESKS = """
    type Employee @key(fields: "id") { id: ID! desk: String room: String! }
"""


def employee(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "name": f"N{number}", "pay": 9, "badge": "b", "peers": [], **more}


def a_company(rows: int = 2, desks: Any = None, **told: Any) -> Guarded:
    boss = employee(0, peers=[employee(1), employee(2)], rows=[[employee(1)], [employee(2)]])
    staff = {
        "staff": [employee(number) for number in range(rows)],
        "boss": boss,
        "first": boss,
        "count": 1,
    }
    return Guarded(
        {
            "staff": Subgraph(STAFF, {"Query": staff}),
            "desks": Subgraph(DESKS, {}, {"Employee": desks or (lambda named: None)}),
        },
        **told,
    )


async def test_each_denied_place_has_its_error_in_the_order_of_the_answer() -> None:
    answer = await a_company().answer("{ b: staff { pay name y: pay } count }")

    assert denied(answer) == [
        ("Employee.pay", "b.0.pay"),
        ("Employee.pay", "b.0.y"),
        ("Employee.pay", "b.1.pay"),
        ("Employee.pay", "b.1.y"),
        ("Query.count", "count"),
    ]
    assert answer.data == {"b": [{"pay": None, "name": f"N{n}", "y": None} for n in (0, 1)]} | {
        "count": None
    }


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        ((), [["invoice:read", "report:export"], ["staff:finance"]]),
        (("report:export",), [["invoice:read"], ["staff:finance"]]),
        (("case:create",), [["invoice:read", "report:export"], ["staff:finance"]]),
    ],
)
async def test_a_caller_reads_what_is_missing_of_each_alternative(
    scopes: tuple[str, ...], missing: list[list[str]]
) -> None:
    company = a_company(1)

    await company.answer("{ staff { pay } }", a_caller("invoice:read"))
    answer = await company.answer("{ staff { pay } }", a_caller(*scopes))

    assert answer.errors[0]["extensions"] == {
        "code": "FORBIDDEN_FIELD",
        "coordinate": "Employee.pay",
        "directive": "requiresScopes",
        "required": "invoice:read and report:export or staff:finance",
        "missing": missing,
    }


@pytest.mark.parametrize(
    ("text", "data", "nulled"),
    [
        ("{ boss { badge } }", {"boss": None}, [["boss"]]),
        ("{ staff { badge } }", None, [[]]),
        ("{ boss { peers { badge } } }", {"boss": {"peers": None}}, [["boss", "peers"]]),
        (
            "{ boss { rows { badge } } }",
            {"boss": {"rows": [None, None]}},
            [["boss", "rows", 0], ["boss", "rows", 1]],
        ),
        ("{ first { badge } }", None, [[]]),
        ("{ boss { name } count }", {"boss": {"name": "N0"}, "count": None}, [None]),
    ],
)
async def test_a_null_that_rises_says_where_it_came_to_rest(
    text: str, data: Any, nulled: list[Any]
) -> None:
    answer = await a_company().answer(text)

    assert answer.data == data
    assert [error["extensions"].get("nulledAt") for error in answer.errors] == nulled


async def test_denied_failed_and_absent_are_three_things() -> None:
    broken = lambda named: named if named["id"] == "e1" else None  # noqa: E731

    answer = await a_company(2, broken).answer("{ staff { desk pay } }")

    assert answer.data == {"staff": [{"desk": None, "pay": None}] * 2}
    assert answer.faults == [
        ("FORBIDDEN_FIELD", "staff.0.pay"),
        ("SUBGRAPH_ERROR", "staff.1.desk"),
        ("FORBIDDEN_FIELD", "staff.1.pay"),
    ]


async def test_there_are_no_more_errors_than_anybody_reads() -> None:
    answer = await a_company(MOST_ERRORS).answer("{ staff { pay other: pay } }")

    assert len(answer.errors) == MOST_ERRORS
    assert (answer.data or {})["staff"] == [{"pay": None, "other": None}] * MOST_ERRORS


async def test_what_is_required_can_be_kept_from_external_callers() -> None:
    company = a_company(1, views={"external": {"denials": "told"}, "staff": {"kinds": ["STAFF"]}})

    told = await company.answer("{ staff { pay } }", a_caller())
    explained = await company.answer("{ staff { pay } }", a_caller(kind="STAFF"))  # type: ignore[arg-type]

    assert told.errors[0]["extensions"].keys() == {"code", "coordinate", "directive"}
    assert "missing" in explained.errors[0]["extensions"]


@pytest.mark.parametrize(
    ("denied_text", "absent_text"),
    [
        ("{ staff { id x: pay } }", "{ staff { id x: desk } }"),
        ("{ boss { x: badge } }", "{ boss { x: room } }"),
        ("{ first { x: badge } }", "{ first { x: room } }"),
        ("{ staff { x: badge } }", "{ staff { x: room } }"),
        ("{ boss { peers { x: badge } } }", "{ boss { peers { x: room } } }"),
    ],
)
async def test_denied_can_look_as_absent_does(denied_text: str, absent_text: str) -> None:
    company = a_company(views={"external": {"denials": "absent"}})

    answers = [await company.answer(text) for text in (denied_text, absent_text)]

    assert answers[0] == answers[1]


async def test_where_denied_looks_absent_an_answer_without_data_says_why() -> None:
    company = a_company(views={"external": {"denials": "absent"}})

    answer = await company.answer("{ count first { badge } }")

    assert answer.data is None
    assert [code for code, _ in answer.faults] == ["INVALID_VALUE"]


class TestRejecting:
    """The same company, where an operation that asks too much does not run."""

    async def test_every_denied_coordinate_is_listed_and_nothing_is_sent(self) -> None:
        company = a_company(authorization="reject")

        answer = await company.answer("{ staff { name pay a: pay badge } count }")

        assert answer.data is None
        assert denied(answer) == [
            ("Query.count", "count"),
            ("Employee.badge", ""),
            ("Employee.pay", ""),
        ]
        assert company.calls == []

    async def test_what_is_not_asked_for_is_not_rejected(self) -> None:
        company = a_company(authorization="reject")
        text = "query Q($yes: Boolean!) { boss { name pay @include(if: $yes) } }"

        allowed = await company.answer(text, None, yes=False)
        rejected = await company.answer(text, None, yes=True)

        assert allowed == type(allowed)({"boss": {"name": "N0"}}, [])
        assert denied(rejected) == [("Employee.pay", "")]
