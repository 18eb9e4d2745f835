"""Rules behind interfaces and unions hold for each object by its own type (A4 to A7, A17, A21)."""

import pytest

from gateway.composition.errors import Code
from tests.support.asking import Asking
from tests.support.company import CASE, EVERYTHING, FINANCE
from tests.support.composition import codes, composition_of

_INTERFACE = 'interface I @key(fields: "id") { id: ID! a: Int %s } type T implements I '
_OBJECT = '@key(fields: "id") { id: ID! a: Int } type Query { i: I }'


async def test_of_a_mixed_list_the_rows_stay_that_are_permitted(ask: Asking) -> None:
    answer = await ask("{ people { name email } }", anonymous=True)

    assert answer.data == {
        "people": [
            {"name": "Gil", "email": "gil@x"},
            {"name": "Ada", "email": None},
            {"name": "Gus", "email": "gus@x"},
            {"name": "Bob", "email": None},
        ]
    }
    assert answer.denied == ["people.1.email", "people.3.email"]
    assert answer.coordinates == ["Employee.email"]
    assert answer.leaks == []


async def test_what_is_denied_of_one_type_is_asked_of_the_others_only(ask: Asking) -> None:
    await ask("{ people { email } }", anonymous=True)
    answer = await ask("{ people { email } }", anonymous=True)

    assert "on Guest" in answer.asked
    assert "on Employee" not in answer.asked


async def test_who_is_signed_in_sees_every_row(ask: Asking) -> None:
    answer = await ask("{ people { email } }")

    assert [row["email"] for row in answer.data["people"]][1] == "secret-mail-1"
    assert answer.codes == []


@pytest.mark.parametrize(
    "text",
    [
        "{ people { ... on Employee { email } } }",
        "{ people { ... on Person { ... on Employee { email } } } }",
        "{ people { ...F } } fragment F on Person { ... on Employee { email } }",
        "{ people { ...F } } fragment F on Employee { ... on Person { email } }",
    ],
)
async def test_a_fragment_on_the_type_is_no_way_around_its_rule(ask: Asking, text: str) -> None:
    answer = await ask(text, anonymous=True)

    assert answer.data == {"people": [{}, {"email": None}, {}, {"email": None}]}
    assert answer.denied == ["people.1.email", "people.3.email"]


@pytest.mark.parametrize("scopes", [(), EVERYTHING])
async def test_a_null_that_must_not_be_takes_its_row_and_no_other(
    ask: Asking, scopes: tuple[str, ...]
) -> None:
    answer = await ask("{ guests { id boss { id ... on Employee { badge } } } }", *scopes)

    boss = {"id": "e1", "badge": "secret-badge-1"} if scopes else None
    assert answer.data == {"guests": [{"id": "g1", "boss": boss}, {"id": "g2", "boss": boss}]}
    assert answer.denied == ([] if scopes else ["guests.0.boss.badge", "guests.1.boss.badge"])
    assert all(each["extensions"]["nulledAt"][-1] == "boss" for each in answer.errors)


async def test_a_list_that_must_not_have_nulls_is_lost_and_says_where(ask: Asking) -> None:
    answer = await ask("{ time staff { ratings { stars by } } }")

    assert answer.data is None
    assert set(answer.codes) == {"FORBIDDEN_FIELD"}
    assert answer.coordinates == ["Rating.by"]
    assert answer.leaks == []


async def test_a_member_of_a_union_is_denied_by_the_rule_of_its_type(ask: Asking) -> None:
    answer = await ask(
        "{ findings { ... on Guest { name } ... on Note { text } ... on Secret { text } } }", CASE
    )

    assert answer.data == {"findings": [{"name": "Gil"}, {"text": None}, {"text": "plain"}]}
    assert answer.denied == ["findings.1.text"]
    assert answer.leaks == []


@pytest.mark.parametrize(
    "text",
    [
        "{ findings { ... on Note { x: text } ... on Secret { x: tag } ... on Guest { x: email }}}",
        "{ findings { ... on Secret { x: tag } ... on Guest { x: email } ... on Note { x: text }}}",
    ],
)
async def test_one_key_of_several_members_is_denied_to_those_that_are(
    ask: Asking, text: str
) -> None:
    denied = await ask(text)
    permitted = await ask(text, FINANCE)

    assert denied.data == {"findings": [{"x": "gil@x"}, {"x": None}, {"x": "plain"}]}
    assert denied.denied == ["findings.1.x"]
    assert permitted.data["findings"][1] == {"x": "secret-tag"}
    assert permitted.codes == []


async def test_fragments_on_two_types_do_not_lend_each_other_their_rights(ask: Asking) -> None:
    text = "{ people { ... on Guest { badge } ... on Employee { tag: badge } } }"

    answer = await ask("{ people { ... on Guest { badge } ... on Employee { tag: desk } } }")

    assert answer.data["people"][0] == {"badge": "visitor"}
    assert answer.denied == ["people.1.tag", "people.3.tag"]
    lost = await ask(text)
    assert lost.data is None
    assert lost.coordinates == ["Employee.badge"]


async def test_a_rule_of_an_interface_object_holds_for_the_concrete_types(ask: Asking) -> None:
    for text in (
        "{ people { id rating } }",
        "{ people { id ... on Guest { rating } ... on Employee { rating } } }",
    ):
        denied = await ask(text)
        permitted = await ask(text, CASE)

        assert [row["rating"] for row in denied.data["people"]] == [None] * 4
        assert denied.denied == [f"people.{number}.rating" for number in range(4)]
        assert "rating" not in denied.asked
        assert [row["rating"] for row in permitted.data["people"]] == [9300] * 4


async def test_beside_a_protected_field_of_an_interface_object_an_open_one_stays(
    ask: Asking,
) -> None:
    answer = await ask("{ people { likes rating } }")

    assert answer.data == {"people": [{"likes": 3, "rating": None}] * 4}


async def test_what_is_denied_behind_an_interface_object_is_told(ask: Asking) -> None:
    answer = await ask("{ guests { friend { ... on Employee { salary } } } }")

    assert answer.data == {"guests": [{"friend": {"salary": None}}] * 2}
    assert answer.denied == ["guests.0.friend.salary", "guests.1.friend.salary"]


@pytest.mark.parametrize("rule", ["@authenticated", '@requiresScopes(scopes: [["s"]])'])
def test_a_rule_on_an_interface_does_not_compose_for_it_would_not_hold(rule: str) -> None:
    found = composition_of(_INTERFACE % rule + _OBJECT)

    assert codes(found) == [Code.AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE]


async def test_the_type_of_what_is_protected_is_told_as_its_rule_says(ask: Asking) -> None:
    answer = await ask("{ vault { __typename } staff { __typename } }")

    assert answer.data == {"vault": None, "staff": [{"__typename": "Employee"}] * 2}
    assert answer.denied == ["vault"]
    assert "vault" not in answer.asked


async def test_a_type_that_another_subgraph_extends_keeps_its_rules_there(ask: Asking) -> None:
    answer = await ask("{ staff { bonus } guests { phone } }", anonymous=True)
    signed_in = await ask("{ staff { bonus } guests { phone } }")

    assert answer.denied[0] == "staff"
    assert answer.data is None
    assert signed_in.data["guests"][0] == {"phone": "secret-phone-0"}
    assert signed_in.denied == ["staff.0.bonus", "staff.1.bonus"]
