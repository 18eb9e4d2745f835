"""What the denial of a field that cannot be null takes with it."""

import pytest

from gateway.composition.lint.findings import Finding, lint
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import supergraph_of


def findings(*sdls: str) -> list[Finding]:
    return list(lint(read_supergraph(supergraph_of(*sdls))))


def losses(*sdls: str) -> dict[str, list[str]]:
    return {found.coordinate: list(map(str, found.losses)) for found in findings(*sdls)}


def test_a_protected_field_that_can_be_null_takes_nothing() -> None:
    found = findings("type Query { me: Person! } type Person { mail: String @authenticated }")

    assert found == []


def test_a_null_stops_at_the_nearest_field_that_can_be_null() -> None:
    found = losses(
        "type Query { team: Team } type Team { lead: Person! }"
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found == {"Person.mail": ["Query.team"]}


@pytest.mark.parametrize(
    ("type", "loss"),
    [
        ("Person", "Query.people"),
        ("Person!", "by Query.people the whole answer"),
        ("[Person]", "an item of Query.people"),
        ("[Person]!", "an item of Query.people"),
        ("[Person!]", "Query.people"),
        ("[Person!]!", "by Query.people the whole answer"),
        ("[[Person!]]", "an item of Query.people"),
        ("[[Person!]!]", "Query.people"),
        ("[[Person]!]!", "an item of Query.people"),
    ],
)
def test_the_type_of_the_field_above_says_how_far_a_null_rises(type: str, loss: str) -> None:
    found = losses(
        f"type Query {{ people: {type} }}"
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found == {"Person.mail": [loss]}


def test_each_way_to_the_field_is_told_once() -> None:
    found = losses(
        "type Query { team: Team boss: Person all: [Team!]! }"
        " type Team { lead: Person! deputy: Person! }"
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found["Person.mail"] == [
        "Query.boss",
        "Query.team",
        "by Query.all the whole answer",
    ]


def test_types_that_lead_to_themselves_end() -> None:
    found = losses(
        "type Query { me: Person } type Person"
        " { friend: Person! friends: [Person!]! mail: String! @authenticated }"
    )

    assert found == {"Person.mail": ["Query.me"]}


def test_a_protected_root_field_takes_the_whole_answer() -> None:
    [found] = findings("type Query { open: Int closed: Int! @authenticated }")

    assert found.loses_all
    assert [str(loss) for loss in found.losses] == ["by Query.closed the whole answer"]


def test_a_field_is_reached_through_interfaces_and_unions() -> None:
    found = losses(
        "type Query { node: Node thing: Thing } interface Node { id: ID! } union Thing = Person"
        " type Person implements Node { id: ID! mail: String! @authenticated }"
    )

    assert found == {"Person.mail": ["Query.node", "Query.thing"]}


def test_a_way_that_is_closed_to_whoever_is_denied_takes_nothing() -> None:
    found = losses(
        'type Query { own: Person @requiresScopes(scopes: [["a", "b"]]) other: Person }'
        ' type Person { name: String mail: String! @requiresScopes(scopes: [["a"], ["c"]]) }'
    )

    assert found == {"Person.mail": ["Query.other"]}


def test_a_way_is_closed_also_by_what_stands_far_above() -> None:
    found = findings(
        "type Query { admin: Admin @authenticated }"
        " type Admin { team: Team } type Team { lead: Person! }"
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found == []


def test_whoever_has_scopes_is_signed_in() -> None:
    found = findings(
        'type Query { me: Person @requiresScopes(scopes: [["a"]]) }'
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found == []


def test_nothing_is_lost_with_an_object_of_which_nothing_may_be_seen() -> None:
    secret = "type Secret implements Node @authenticated { id: ID! }"

    alone = findings(f"type Query {{ node: Node }} interface Node {{ id: ID! }} {secret}")
    in_a_list = losses(
        f"type Query {{ nodes: [Node!] }} interface Node {{ id: ID! }} {secret}"
        " type Open implements Node { id: ID! }"
    )

    assert alone == []
    assert in_a_list == {"Secret.id": ["Query.nodes"]}


def test_what_clients_cannot_see_is_no_way() -> None:
    found = losses(
        "type Query { seen: Person hidden: Person @inaccessible }"
        " type Person { name: String mail: String! @authenticated }"
    )

    assert found == {"Person.mail": ["Query.seen"]}


def test_a_finding_says_which_rules_deny_and_what_they_take() -> None:
    [found] = findings(
        "type Query { me: Person } type Person @authenticated"
        ' { name: String pay: Int! @requiresScopes(scopes: [["a", "b"], ["c"]]) }'
    )

    assert str(found) == (
        "Person.pay cannot be null; denied (@requiresScopes a + b or c on Person.pay,"
        " @authenticated on Person) it takes: Query.me."
    )
