"""Rules stand on coordinates: no name that a client gives lets it past one (A1, A2, A3, A18)."""

import pytest

from tests.support.asking import Asking
from tests.support.company import CASE, PAY

_STAFF = "staff.0", "staff.1"


@pytest.mark.parametrize("name", ["x", "name", "id", "email", "grade", "Employee", "salary"])
async def test_an_alias_hides_no_field(ask: Asking, name: str) -> None:
    answer = await ask(f"{{ staff {{ {name}: salary }} }}")

    assert answer.data == {"staff": [{name: None}, {name: None}]}
    assert answer.denied == [f"{each}.{name}" for each in _STAFF]
    assert answer.coordinates == ["Employee.salary"]
    assert "salary" not in answer.asked
    assert answer.leaks == []


@pytest.mark.parametrize("name", ["__class__", "__dict__", "__proto__", "constructor", "_0"])
async def test_an_alias_that_means_something_elsewhere_means_nothing(
    ask: Asking, name: str
) -> None:
    answer = await ask(f"{{ staff {{ id }} {name}: people {{ id }} }}")

    assert answer.leaks == []
    assert [each for each in answer.codes if each not in ("GRAPHQL_VALIDATION_FAILED",)] == []


async def test_a_field_that_is_permitted_may_have_the_name_of_one_that_is_not(ask: Asking) -> None:
    answer = await ask("{ staff { salary: name } }")

    assert answer.data == {"staff": [{"salary": "Ada"}, {"salary": "Bob"}]}
    assert answer.codes == []


async def test_the_same_field_twice_is_denied_twice(ask: Asking) -> None:
    answer = await ask("{ staff { salary other: salary } }")

    assert answer.data == {"staff": [{"salary": None, "other": None}] * 2}
    assert answer.denied == [f"{each}.{key}" for each in _STAFF for key in ("salary", "other")]


async def test_who_holds_the_scope_sees_the_field_under_every_name(ask: Asking) -> None:
    answer = await ask("{ staff { salary other: salary } }", PAY)

    assert answer.data["staff"][0] == {"salary": 9001, "other": 9001}
    assert answer.codes == []


@pytest.mark.parametrize(
    "text",
    [
        "{ staff { ...F } } fragment F on Employee { salary }",
        "{ staff { ...F } } fragment F on Employee { ...G } fragment G on Employee { salary }",
        "{ staff { ...F } } fragment F on Person { ... on Employee { salary } }",
        "{ staff { ... on Person { ... on Employee { salary } } } }",
        "{ staff { ... on Employee { ... on Employee { salary } } } }",
        "{ staff { ... { salary } } }",
        "{ staff { ... @include(if: true) { salary } } }",
        "{ staff { ... { ... { ... on Person { ...F } } } } } fragment F on Employee { salary }",
        "{ ...R } fragment R on Query { staff { salary } }",
        "query Q { ... on Query { staff { salary } } }",
    ],
)
async def test_a_fragment_hides_no_field(ask: Asking, text: str) -> None:
    answer = await ask(text)

    assert answer.data == {"staff": [{"salary": None}, {"salary": None}]}
    assert answer.denied == [f"{each}.salary" for each in _STAFF]
    assert "salary" not in answer.asked


async def test_a_field_of_one_fragment_is_not_permitted_by_another(ask: Asking) -> None:
    answer = await ask(
        "{ staff { ...F ...G } } fragment F on Employee { name }"
        " fragment G on Employee { name: salary }"
    )

    assert answer.data is None
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert answer.calls == ()


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "query Q($yes: Boolean!) { staff { id salary @include(if: $yes) } }",
        "query Q($yes: Boolean!) { staff { id ... @include(if: $yes) { salary } } }",
        "query Q($yes: Boolean!) { staff { id ...F @include(if: $yes) } }"
        " fragment F on Employee { salary }",
        "query Q($yes: Boolean = true) { staff { id ...F } }"
        " fragment F on Employee { salary @include(if: $yes) }",
    ],
)
async def test_a_condition_decides_whether_a_field_is_asked_and_never_whether_it_is_permitted(
    ask: Asking, text: str, yes: bool
) -> None:
    denied = await ask(text, variables={"yes": yes})
    permitted = await ask(text, PAY, variables={"yes": yes})

    assert denied.denied == [f"{each}.salary" for each in _STAFF if yes]
    assert "salary" not in denied.asked
    assert denied.leaks == []
    assert permitted.codes == []
    assert permitted.data["staff"][0] == ({"id": "e1", "salary": 9001} if yes else {"id": "e1"})


async def test_what_one_condition_leaves_out_another_may_bring_in(ask: Asking) -> None:
    text = (
        "query Q($yes: Boolean!) { staff {"
        " salary @skip(if: $yes) ... @include(if: $yes) { salary } } }"
    )

    for yes in (True, False):
        answer = await ask(text, variables={"yes": yes})

        assert answer.data == {"staff": [{"salary": None}, {"salary": None}]}
        assert len(answer.denied) == 2


async def test_a_null_of_a_denied_field_rises_as_any_other_and_says_so(ask: Asking) -> None:
    answer = await ask('{ person(id: "e1") { name ... on Employee { x: badge } } }')

    assert answer.data == {"person": None}
    assert answer.denied == ["person.x"]
    assert answer.errors[0]["extensions"]["nulledAt"] == ["person"]
    assert "badge" not in answer.asked


async def test_the_scope_of_one_field_is_not_that_of_its_neighbour(ask: Asking) -> None:
    answer = await ask("{ staff { salary badge } }", CASE)

    assert answer.data["staff"][0] == {"salary": None, "badge": "secret-badge-1"}
    assert answer.coordinates == ["Employee.salary"]
