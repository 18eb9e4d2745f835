"""Views: for whom something is hidden, for them it does not exist."""

from typing import Any

import pytest
from graphql import get_introspection_query

from gateway.errors import InvalidSupergraph
from kit.contract import PrincipalKind
from tests.support.guarded import Guarded, a_caller
from tests.support.running_subgraph import Subgraph

SHOP = """
    type Query {
      goods: [Good!]!
      find(name: String, margin: Int @tag(name: "internal"), by: Order = COST): Good
      rank(by: Order): Int
      audit: Audit
      secret: Int @tag(name: "internal")
      either: Either
      filter(with: Filter): Int
      must(reason: Reason!): Int
      older: Int @tag(name: "retired")
    }
    type Mutation { wipe: Int @tag(name: "internal") }
    interface Good { id: ID! cost: Int name: String }
    type Book implements Good { id: ID! cost: Int @tag(name: "internal") name: String pages: Int }
    type Stain implements Good @tag(name: "internal") { id: ID! cost: Int name: String }
    type Audit @tag(name: "internal") { at: String by(kind: Kind): Auditor }
    type Auditor { name: String }
    enum Kind { OWN OUTSIDE }
    union Either = Book | Audit
    enum Order { NAME COST @tag(name: "internal") }
    input Filter { name: String margin: Int @tag(name: "internal") }
    enum Reason @tag(name: "internal") { NONE }
"""
GOODS: list[dict[str, Any]] = [
    {"__typename": "Book", "id": "b", "cost": 1, "name": "B", "pages": 2},
    {"__typename": "Stain", "id": "s", "cost": 2, "name": "S"},
]
VIEWS = {
    "staff": {"kinds": ["STAFF"]},
    "finance": {"scopes": ["invoice:read"], "hides": ["retired"]},
    "external": {"hides": ["internal"]},
}
STAFF = a_caller(kind=PrincipalKind.STAFF)
FINANCE = a_caller("invoice:read")
CUSTOMER = a_caller()


def a_shop(**told: Any) -> Guarded:
    query = {
        "goods": GOODS,
        "find": GOODS[0],
        "secret": 1,
        "older": 2,
        "rank": 3,
        "filter": 4,
        "must": 5,
        "audit": {"at": "now"},
    }
    shop = Subgraph(SHOP, {"Query": query, "Mutation": {"wipe": 1}})
    return Guarded({"shop": shop}, **{"views": VIEWS, **told})


@pytest.mark.parametrize("profile", ["production", "development"])
@pytest.mark.parametrize(
    ("hidden", "unknown"),
    [
        ("{ secret }", "{ sacred }"),
        ("{ audit { at } }", "{ audio { at } }"),
        ("{ find(margin: 1) { id } }", "{ find(masons: 1) { id } }"),
        ("{ rank(by: COST) }", "{ rank(by: CAST) }"),
        ("{ goods { cost } }", "{ goods { cast } }"),
        ("{ goods { ... on Book { cost } } }", "{ goods { ... on Book { cast } } }"),
        ("{ goods { ... on Stain { id } } }", "{ goods { ... on Stein { id } } }"),
        ("{ either { ... on Audit { at } } }", "{ either { ... on Audio { at } } }"),
        ("{ filter(with: {margin: 1}) }", "{ filter(with: {masons: 1}) }"),
        ("{ must(reason: NONE) }", "{ mist(reason: NONE) }"),
        ("query Q($r: Reason) { older }", "query Q($r: Raisin) { older }"),
        ("query Q($k: Kind) { older }", "query Q($k: Kiln) { older }"),
        ("{ goods { ... on Auditor { name } } }", "{ goods { ... on Auditar { name } } }"),
        ("mutation { wipe }", "mutation { wine }"),
    ],
)
async def test_what_is_hidden_answers_as_what_is_unknown(
    profile: str, hidden: str, unknown: str
) -> None:
    shop = a_shop(profile=profile)

    found = await shop.answer(hidden, CUSTOMER)
    never_was = await shop.answer(unknown, CUSTOMER)

    messages = [error["message"] for error in found.errors]
    assert messages
    assert [_unnamed(each) for each in messages] == [
        _unnamed(error["message"]) for error in never_was.errors
    ]
    assert not any("Did you mean" in each for each in messages)
    assert shop.calls == []


def _unnamed(message: str) -> str:
    """A message without the names that differ."""
    names = ["secret sacred", "audit audio", "Audit Audio", "margin masons", "COST CAST"]
    names += ["cost cast", "Stain Stein", "must mist", "Reason Raisin", "wipe wine"]
    names += ["Kind Kiln", "Auditor Auditar"]
    for pair in names:
        for name in pair.split():
            message = message.replace(f"'{name}'", "'?'").replace(f".{name}", ".?")
            message = message.replace(f"{{ {name}:", "{ ?:")
    return message


async def test_who_has_another_view_sees_what_others_do_not() -> None:
    shop = a_shop()

    customer = await shop.answer("{ secret }", CUSTOMER)
    staff = await shop.answer("{ secret older }", STAFF)
    finance = [await shop.answer(text, FINANCE) for text in ("{ secret }", "{ older }")]
    again = await shop.answer("{ secret }", CUSTOMER)

    assert staff.data == {"secret": 1, "older": 2}
    assert [each.data for each in finance] == [{"secret": 1}, None]
    assert customer.errors == again.errors
    assert customer.faults == [("GRAPHQL_VALIDATION_FAILED", "")]


async def test_the_same_document_means_to_each_what_it_sees() -> None:
    shop = a_shop()
    text = "{ goods { id name } }"

    answers = [await shop.answer(text, caller) for caller in (STAFF, CUSTOMER, STAFF)]

    everything = {"goods": [{"id": "b", "name": "B"}, {"id": "s", "name": "S"}]}
    assert [each.data for each in answers] == [everything, None, everything]


async def test_introspection_shows_the_view() -> None:
    shop = a_shop(profile="development")

    customer = str((await shop.answer(get_introspection_query(), CUSTOMER)).data)
    staff = str((await shop.answer(get_introspection_query(), STAFF)).data)

    hidden = ["secret", "margin", "COST", "cost", "Audit", "Stain", "Reason", "must", "wipe"]
    hidden += ["Auditor", "Kind"]
    assert [name for name in hidden if f"'{name}'" in customer] == []
    assert [name for name in hidden if f"'{name}'" not in staff] == []
    assert "'find'" in customer


async def test_a_view_says_for_itself_whether_it_can_be_introspected() -> None:
    shop = a_shop(views={"staff": {"kinds": ["STAFF"], "introspection": True}})

    staff = await shop.answer("{ __schema { queryType { name } } }", STAFF)
    customer = await shop.answer("{ __schema { queryType { name } } }", CUSTOMER)

    assert staff.data == {"__schema": {"queryType": {"name": "Query"}}}
    assert set(customer.faults) == {("GRAPHQL_VALIDATION_FAILED", "")}


def test_a_view_that_leaves_no_query_is_refused() -> None:
    with pytest.raises(InvalidSupergraph, match="hides every query"):
        Guarded({"shop": Subgraph('type Query { only: Int @tag(name: "internal") }')}, views=VIEWS)
