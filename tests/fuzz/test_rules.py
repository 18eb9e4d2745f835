"""The oracle of authorization: what it denies, and that a trial tells when the gateway differs."""

from typing import Any

import pytest
from graphql import GraphQLOutputType

from tests.fuzz.comparison import Place, wrong_denials
from tests.fuzz.operations import Asked
from tests.fuzz.rules import Rules
from tests.fuzz.trial import Kind, Trial
from tests.support.universe import Universe

_PAY = '@requiresScopes(scopes: [["invoice:read", "report:export"], ["staff:case"]])'
_SUBGRAPHS = {
    "books": f"""
        type Query {{ books: [Book!]! vault: Vault }}
        type Book @key(fields: "id") {{ id: ID! title: String! @authenticated price: Int {_PAY} }}
        type Vault @policy(policies: [["nobody-decides"]]) {{ gold: Int }}
    """,
    "shops": 'type Book @key(fields: "id") { id: ID! stock: Int }',
}
_ALL = "{ books { id title price stock } vault { gold } }"


@pytest.mark.parametrize(
    ("held", "denied"),
    [
        (None, {"title", "price"}),
        ([], {"price"}),
        (["invoice:read"], {"price"}),
        (["invoice:read", "report:export"], set()),
        (["staff:case"], set()),
    ],
)
def test_a_rule_is_met_by_all_of_one_alternative(held: list[str] | None, denied: set[str]) -> None:
    denies = Rules(_SUBGRAPHS, Universe(_SUBGRAPHS).schema).denies(
        frozenset(held) if held is not None else None
    )

    assert {each for each in ("id", "title", "price", "stock") if denies("Book", each)} == denied
    assert denies("Query", "vault")
    assert denies("Vault", "gold")


@pytest.mark.parametrize("held", [None, [], ["staff:case"]])
async def test_a_rightly_filtered_answer_is_no_difference(held: list[str] | None) -> None:
    asked = Asked(_ALL, held=frozenset(held) if held is not None else None)

    assert await Trial(_SUBGRAPHS, trouble=False).run(asked) is None


async def test_what_is_denied_and_shown_is_a_difference() -> None:
    open_to_all = {name: sdl.replace("@authenticated", "") for name, sdl in _SUBGRAPHS.items()}
    trial = Trial(open_to_all, trouble=False)
    trial.rules = Rules(_SUBGRAPHS, trial.universe.schema)

    difference = await trial.run(Asked("{ books { id title } }"))

    assert difference is not None
    assert difference.kind is Kind.DATA


async def test_what_is_shown_to_those_who_may_is_not_kept_from_them() -> None:
    trial = Trial(_SUBGRAPHS, trouble=False)
    trial.rules = Rules({}, trial.universe.schema)

    difference = await trial.run(Asked("{ books { price } }"))

    assert difference is not None
    assert difference.kind is Kind.DATA


def test_a_denial_says_where_it_is_and_where_its_null_comes_to_rest() -> None:
    universe = Universe({"a": "type Query { a: A } type A @shareable { b: Int! }"})
    types: dict[Place, GraphQLOutputType] = {}
    universe.failures("{ a { b } }", None, types, lambda type, field: field == "b")
    error: dict[str, Any] = {"path": ["a", "b"], "extensions": {"code": "FORBIDDEN_FIELD"}}
    right = {**error, "extensions": {**error["extensions"], "nulledAt": ["a"]}}

    wrong = [
        [each.what for each in wrong_denials([told], denied, types)]
        for told, denied in ((error, []), (error, [("a", "b")]), (right, [("a", "b")]))
    ]

    assert wrong == [
        ["what is denied is not told as denied, or what failed is"],
        ["the place at which a denied field's null rests is another"],
        [],
    ]
