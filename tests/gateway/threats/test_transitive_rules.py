"""What is read on the way to something else is held to its rule too (A10 to A17, A24)."""

import pytest

from gateway.composition.errors import Code
from gateway.supergraph.model import Rule
from gateway.supergraph.reader import read_supergraph
from tests.support.asking import Asking
from tests.support.company import CASE, EVERYTHING, FINANCE, PAY, REPORT
from tests.support.composition import codes, composition_of, supergraph_of


@pytest.mark.parametrize(
    "rule",
    ["", "@authenticated", '@requiresScopes(scopes: [["a"], ["b"]])', '@policy(policies: ["a"])'],
)
def test_a_field_may_not_be_computed_from_what_its_readers_may_not_read(rule: str) -> None:
    found = composition_of(
        'type Query { t: T } type T @key(fields: "id")'
        ' { id: ID! a: Int @requiresScopes(scopes: [["a"]]) }',
        'type T @key(fields: "id")'
        f' {{ id: ID! a: Int @external b: Int @requires(fields: "a") {rule} }}',
    )

    assert codes(found) == [Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS]


def test_a_context_may_not_carry_what_the_readers_of_its_argument_may_not_read() -> None:
    found = composition_of(
        'type Query { t: T } type T @key(fields: "id") @context(name: "c")'
        " { id: ID! a: Int @authenticated u: U }"
        ' type U @key(fields: "id")'
        ' { id: ID! b(a: Int @fromContext(field: "$c { a }")): Int }',
    )

    assert codes(found) == [Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS]


async def test_what_is_required_is_not_fetched_for_a_field_that_is_denied(ask: Asking) -> None:
    denied = await ask("{ staff { name bonus } }")
    permitted = await ask("{ staff { name bonus } }", PAY)

    assert denied.data == {
        "staff": [{"name": "Ada", "bonus": None}, {"name": "Bob", "bonus": None}]
    }
    assert "salary" not in denied.asked
    assert permitted.data["staff"][0] == {"name": "Ada", "bonus": 9201}


async def test_what_is_required_is_not_told_beside_what_needs_it(ask: Asking) -> None:
    answer = await ask("{ staff { bonus } }", PAY)

    assert answer.data == {"staff": [{"bonus": 9201}, {"bonus": 9203}]}


async def test_a_context_is_not_read_for_a_field_that_is_denied(ask: Asking) -> None:
    denied = await ask("{ staff { payslip { note line } } }")
    permitted = await ask("{ staff { payslip { note line } } }", PAY)

    assert denied.data == {"staff": [{"payslip": {"note": "plain", "line": None}}] * 2}
    assert "salary" not in denied.asked
    assert permitted.data["staff"][0]["payslip"]["line"] == "secret-line-{'sum': 9001}"


async def test_of_several_owners_of_a_field_the_strictest_counts(ask: Asking) -> None:
    denied = await ask("{ guests { phone } }", anonymous=True)
    permitted = await ask("{ guests { phone } }")

    assert denied.data == {"guests": [{"phone": None}, {"phone": None}]}
    assert denied.coordinates == ["Guest.phone"]
    assert permitted.codes == []


async def test_a_field_that_another_subgraph_takes_over_keeps_its_rule(ask: Asking) -> None:
    denied = await ask("{ staff { desk } }")
    permitted = await ask("{ staff { desk } }", CASE)

    assert denied.data == {"staff": [{"desk": None}, {"desk": None}]}
    assert permitted.data["staff"][0] == {"desk": "secret-desk-1"}


def test_who_takes_a_field_over_cannot_leave_its_rule_behind() -> None:
    supergraph = read_supergraph(
        supergraph_of(
            'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @authenticated }',
            'type T @key(fields: "id") { id: ID! a: Int @override(from: "a") }',
        )
    )

    assert supergraph.rules == {"T.a": Rule(authenticated=True)}


@pytest.mark.parametrize(
    ("scopes", "permitted"),
    [
        ((), False),
        ((PAY,), False),
        ((REPORT,), False),
        ((CASE,), False),
        ((PAY, REPORT), True),
        ((FINANCE,), True),
        (EVERYTHING, True),
    ],
)
async def test_scopes_are_alternatives_of_what_must_all_be_held(
    ask: Asking, scopes: tuple[str, ...], permitted: bool
) -> None:
    answer = await ask("{ staff { grade } }", *scopes)

    assert ([row["grade"] for row in answer.data["staff"]] == [9101, 9103]) is permitted
    assert (answer.denied == []) is permitted


@pytest.mark.parametrize(
    ("field", "scopes"),
    [("mood", None), ("code", ()), ("codes", ()), ("vault { gold }", ()), ("vaults { id }", ())],
)
async def test_the_rule_of_a_type_stands_before_all_that_return_it(
    ask: Asking, field: str, scopes: tuple[str, ...] | None
) -> None:
    answer = await ask(f"{{ {field} }}", *(scopes or ()), anonymous=scopes is None)

    assert answer.denied == [field.split()[0]]
    assert answer.calls == ()
    assert answer.leaks == []


async def test_who_meets_the_rule_of_a_type_sees_what_returns_it(ask: Asking) -> None:
    answer = await ask("{ mood code codes vault { gold } vaults { id } }", *EVERYTHING)

    assert answer.data == {
        "mood": "WILD",
        "code": "secret-code",
        "codes": ["secret-code"],
        "vault": {"gold": 9999},
        "vaults": [{"id": "secret-vault"}],
    }


async def test_a_query_type_of_another_name_has_its_rules_all_the_same(ask: Asking) -> None:
    denied = await ask("{ payday holiday }")
    permitted = await ask("{ payday holiday }", PAY)

    assert denied.data == {"payday": None, "holiday": "Sunday"}
    assert permitted.data == {"payday": "secret-day", "holiday": "Sunday"}


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("{ ranked(by: SALARY) { id } }", {}),
        ("query Q($by: Rank) { ranked(by: $by) { id } }", {"by": "SALARY"}),
        ("query Q($by: Rank = SALARY) { ranked(by: $by) { id } }", {}),
        ('{ sealed(with: ["x"]) }', {}),
        ("query Q($with: [Seal!]) { sealed(with: $with) }", {"with": ["x"]}),
        ("{ found(filter: {rank: SALARY}) }", {}),
        ("{ found(filter: {deeper: {deeper: {rank: SALARY}}}) }", {}),
        ("query Q($rank: Rank) { found(filter: {rank: $rank}) }", {"rank": "SALARY"}),
        ("query Q($filter: Filter) { found(filter: $filter) }", {"filter": {"rank": "SALARY"}}),
        (
            "query Q($filter: Filter) { found(filter: $filter) }",
            {"filter": {"deeper": {"seals": ["x"]}}},
        ),
    ],
)
async def test_an_argument_asks_for_the_rights_of_its_type(
    ask: Asking, text: str, variables: dict[str, object]
) -> None:
    denied = await ask(text, variables=variables)
    permitted = await ask(text, PAY, CASE, variables=variables)

    assert "FORBIDDEN_FIELD" in denied.codes
    assert denied.calls == ()
    assert permitted.codes == []


@pytest.mark.parametrize(
    "text", ["{ ranked { id } }", "{ sealed }", '{ found(filter: {name: "x"}) }', "{ found }"]
)
async def test_an_argument_that_is_not_given_asks_for_nothing(ask: Asking, text: str) -> None:
    answer = await ask(text)

    assert answer.codes == []
