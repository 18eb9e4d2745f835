"""What is hidden stays whole, what is guarded stays guarded."""

import pytest

from gateway.composition import Subgraph, compose
from tests.support.composition import (
    FEDERATION,
    codes,
    composition_of,
    definition,
    supergraph_of,
)


@pytest.mark.parametrize(
    ("sdl", "code", "coordinate"),
    [
        ("type Query @inaccessible { a: Int }", "QUERY_ROOT_TYPE_INACCESSIBLE", "Query"),
        (
            "type Query { a: P } type P @inaccessible { x: Int }",
            "REFERENCED_INACCESSIBLE",
            "Query.a",
        ),
        (
            "type Query { a(i: I): Int } input I @inaccessible { x: Int }",
            "REFERENCED_INACCESSIBLE",
            "Query.a(i:)",
        ),
        ("type Query { a: P } type P { x: Int @inaccessible }", "ONLY_INACCESSIBLE_CHILDREN", "P"),
        (
            "type Query { a: U } union U = P type P @inaccessible { x: Int }",
            "ONLY_INACCESSIBLE_CHILDREN",
            "U",
        ),
        ("type Query { a(x: Int! @inaccessible): Int }", "REQUIRED_INACCESSIBLE", "Query.a(x:)"),
        (
            "type Query { a(i: I): Int } input I { x: Int! @inaccessible y: Int }",
            "REQUIRED_INACCESSIBLE",
            "I.x",
        ),
        (
            "type Query { n: N } interface N { x: Int }"
            " type P implements N { x: Int @inaccessible y: Int }",
            "IMPLEMENTED_BY_INACCESSIBLE",
            "P.x",
        ),
        (
            "type Query { n: N } interface N { x(a: Int): Int }"
            " type P implements N { x(a: Int @inaccessible): Int }",
            "IMPLEMENTED_BY_INACCESSIBLE",
            "P.x(a:)",
        ),
        (
            "type Query { a(e: [E] = [B]): Int } enum E { A B @inaccessible }",
            "DEFAULT_VALUE_USES_INACCESSIBLE",
            "Query.a(e:)",
        ),
        (
            "type Query { a(i: I = {b: 1}): Int } input I { a: Int b: Int @inaccessible }",
            "DEFAULT_VALUE_USES_INACCESSIBLE",
            "Query.a(i:)",
        ),
    ],
)
def test_what_is_hidden_leaves_a_whole_schema(sdl: str, code: str, coordinate: str) -> None:
    composition = composition_of(sdl)

    assert [(error.code, error.coordinate) for error in composition.errors] == [(code, coordinate)]


@pytest.mark.parametrize(
    "sdl",
    [
        "type Query { a: Int p: P @inaccessible } type P @inaccessible { x: Int }",
        "type Query { a(x: Int! = 1 @inaccessible): Int }",
        "type Query { p: P } interface N @inaccessible { x: Int } type P implements N { x: Int }",
    ],
)
def test_what_is_hidden_together_composes(sdl: str) -> None:
    composition = composition_of(sdl)

    assert composition.errors == ()


def test_a_field_demands_what_its_requirement_demands() -> None:
    owner = (
        'type Query { p: P } type P @key(fields: "id")'
        ' { id: ID! price: Int @requiresScopes(scopes: [["x"], ["y"]]) }'
    )
    reader = (
        'type P @key(fields: "id") { id: ID! price: Int @external'
        ' tax: Int @requires(fields: "price") %s }'
    )

    open_to_all = composition_of(owner, reader % "")
    too_wide = composition_of(owner, reader % '@requiresScopes(scopes: [["x"], ["z"]])')
    narrower = composition_of(owner, reader % '@requiresScopes(scopes: [["x", "z"], ["y"]])')

    assert codes(open_to_all) == ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"]
    assert codes(too_wide) == ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"]
    assert narrower.errors == ()


OWNER = """
type Query { p: P }
type P @key(fields: "id") { id: ID! inner: Inner node: Node state: State %s }
type Inner %s { x: Int %s }
enum State %s { NEW }
interface Node { x: Int }
type Open implements Node { x: Int }
type Closed implements Node %s { x: Int %s }
"""
READER = """
type P @key(fields: "id") {
  id: ID! inner: Inner @external node: Node @external state: State @external
  tax: Int @requires(fields: "%s")
}
type Inner { x: Int @external }
enum State { NEW }
interface Node { x: Int }
type Open implements Node { x: Int @external }
type Closed implements Node { x: Int @external }
"""


def owner(place: int) -> str:
    """Protected at one place only."""
    places = ["", "", "", "", "", ""]
    places[place] = "@authenticated"
    return OWNER % tuple(places)


@pytest.mark.parametrize("place", range(6))
def test_what_is_required_is_looked_at_to_any_depth(place: int) -> None:
    composition = composition_of(owner(place), READER % "state inner { x } node { x }")

    assert codes(composition) == ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"]


def test_an_object_type_that_is_not_required_has_no_say() -> None:
    both = READER % "state inner { x } node { ... on Open { x } ... on Closed { x } }"
    one = READER % "state inner { x } node { ... on Open { x } }"

    assert codes(composition_of(owner(5), both)) == ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"]
    assert composition_of(owner(5), one).errors == ()


def test_a_chain_of_requirements_is_held_link_by_link() -> None:
    first = 'type Query { p: P } type P @key(fields: "id") { id: ID! a: Int @authenticated }'
    second = (
        'type P @key(fields: "id") { id: ID! a: Int @external'
        ' b: Int @requires(fields: "a") @authenticated }'
    )
    third = 'type P @key(fields: "id") { id: ID! b: Int @external c: Int @requires(fields: "b") }'

    composition = composition_of(first, second, third)

    assert [(error.code, error.coordinate) for error in composition.errors] == [
        ("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", "P.c")
    ]


def test_a_field_that_is_taken_over_keeps_the_demands_of_both() -> None:
    former = 'type Query { p: P } type P @key(fields: "id") { id: ID! a: Int @authenticated }'
    present = (
        'type P @key(fields: "id")'
        ' { id: ID! a: Int @override(from: "a") @policy(policies: [["x"]]) }'
    )

    supergraph = supergraph_of(former, present)

    assert '@authenticated @policy(policies: [["x"]])' in definition(supergraph, "type P")


@pytest.mark.parametrize(
    "query",
    [
        "type Query { a: Int @authenticated }",
        'type Query { a: Int @requiresScopes(scopes: [["x"]]) }',
        'type Query { a: Int @policy(policies: [["x"]]) }',
        "type Query @authenticated { a: Int }",
        "type Query { open: Int }",
    ],
)
def test_a_guarded_or_public_root_field_composes(query: str) -> None:
    subgraph = Subgraph("a", "http://a", f"{FEDERATION} {query}")

    composition = compose([subgraph], public_roots={"Query.open"})

    assert composition.errors == ()


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_an_open_root_field_is_refused(root: str) -> None:
    guarded = f"{FEDERATION} extend type Query {{ q: Int @authenticated }}"
    sdl = f"{guarded}\nextend type {root} {{\n b: Int }}"

    composition = compose([Subgraph("a", "http://a", sdl)], public_roots=())

    [error] = composition.errors
    assert (error.code, error.coordinate, error.line) == (
        "ROOT_FIELD_WITHOUT_RULE",
        f"{root}.b",
        3,
    )


@pytest.mark.parametrize(
    ("sdl", "coordinate"),
    [
        ("interface N @authenticated { id: ID! }", "N"),
        ('interface N { id: ID! @requiresScopes(scopes: [["x"]]) }', "N.id"),
        ('type N @key(fields: "id") @interfaceObject @authenticated { id: ID! }', "N"),
    ],
)
def test_an_interface_demands_no_rights(sdl: str, coordinate: str) -> None:
    composition = composition_of(f"type Query {{ n: N }} {sdl}")

    assert [(error.code, error.coordinate) for error in composition.errors] == [
        ("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", coordinate)
    ]
