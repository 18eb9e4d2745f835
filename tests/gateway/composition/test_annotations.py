"""Directives that several subgraphs put on the same element."""

import pytest

from tests.support.composition import composition_of, definition, supergraph_of


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ('@tag(name: "x")', '@tag(name: "y") @tag(name: "x")', '@tag(name: "x") @tag(name: "y")'),
        ("@inaccessible", "", "@inaccessible"),
        ("@authenticated", "", "@authenticated"),
        ('@deprecated(reason: "x")', "", '@deprecated(reason: "x")'),
        ("@cost(weight: 3)", "@cost(weight: 7)", "@cost(weight: 7)"),
        (
            "@listSize(assumedSize: 3)",
            '@listSize(assumedSize: 2, slicingArguments: ["n"])',
            '@listSize(assumedSize: 3, slicingArguments: ["n"], requireOneSlicingArgument: true)',
        ),
    ],
)
def test_what_any_subgraph_says_holds(one: str, other: str, merged: str) -> None:
    supergraph = supergraph_of(
        f"type Query {{ q(n: Int): [Int] @shareable {one} r: Int @shareable }}",
        f"type Query {{ q(n: Int): [Int] @shareable {other} r: Int @shareable }}",
    )

    assert f"  q(n: Int): [Int] {merged}\n" in supergraph


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ('[["x"], ["y"]]', '[["z"]]', '[["x", "z"], ["y", "z"]]'),
        ('[["x"], ["y"]]', '[["x"]]', '[["x"]]'),
        ('[["x", "y"]]', '[["y"], ["z"]]', '[["x", "y"]]'),
        ('[["b", "a"], ["c"]]', '[["b", "a"], ["c"]]', '[["b", "a"], ["c"]]'),
        ('"x"', '["y"]', '[["x", "y"]]'),
    ],
)
@pytest.mark.parametrize(
    ("directive", "argument"), [("requiresScopes", "scopes"), ("policy", "policies")]
)
def test_the_demands_of_all_subgraphs_must_be_met(
    directive: str, argument: str, one: str, other: str, merged: str
) -> None:
    supergraph = supergraph_of(
        f"type Query {{ q: Int @shareable @{directive}({argument}: {one}) }}",
        f"type Query {{ q: Int @shareable @{directive}({argument}: {other}) }}",
    )

    assert f"  q: Int @{directive}({argument}: {merged})\n" in supergraph


@pytest.mark.parametrize("scopes", ["[]", "[[]]", '[["x"], []]', "[[1]]", '[[""]]'])
def test_a_rule_that_names_nothing_is_refused(scopes: str) -> None:
    composition = composition_of(f"type Query {{ q: Int @requiresScopes(scopes: {scopes}) }}")

    [error] = composition.errors
    assert (error.code, error.coordinate) == ("INVALID_GRAPHQL", "Query.q")


def test_the_supergraph_links_what_it_uses() -> None:
    supergraph = supergraph_of("type Query { q: Int @authenticated @cost(weight: 1) r: Int }")

    assert (
        definition(supergraph, "schema")
        == """\
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/cost/v0.1")
{
  query: Query
}"""
    )
    assert "directive @authenticated on" in supergraph
    assert "@tag" not in supergraph


def test_list_sizes_are_imported_by_name() -> None:
    supergraph = supergraph_of("type Query { q: [Int] @listSize(assumedSize: 3) }")

    assert '@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])' in supergraph


def test_arguments_and_values_keep_what_is_said_of_them() -> None:
    supergraph = supergraph_of(
        'type Query { q(x: Int @tag(name: "x")): E } enum E { A @deprecated(reason: "z") }'
        ' scalar S @specifiedBy(url: "http://s.test")'
    )

    assert 'q(x: Int @tag(name: "x")): E\n' in supergraph
    assert 'A @join__enumValue(graph: A) @deprecated(reason: "z")\n' in supergraph
    assert 'scalar S @join__type(graph: A) @specifiedBy(url: "http://s.test")' in supergraph


def test_a_directive_of_operations_must_be_everyones() -> None:
    supergraph = supergraph_of(
        "type Query { a: Int } directive @live(x: Int, y: Int) repeatable on FIELD | QUERY | OBJECT"
        " directive @mine on FIELD",
        "type Query { b: Int } directive @live(x: Int!) repeatable on OBJECT | FIELD",
    )

    assert "directive @live(x: Int!) repeatable on FIELD\n" in supergraph
    assert "@mine" not in supergraph


def test_a_size_speaks_of_no_argument_that_clients_cannot_send() -> None:
    supergraph = supergraph_of(
        "type Query { q(n: Int, m: Int): [Int] @shareable"
        ' @listSize(slicingArguments: ["n", "m"]) }',
        "type Query { q(n: Int): [Int] @shareable }",
    )

    assert '  q(n: Int): [Int] @listSize(slicingArguments: ["n"])\n' in supergraph


def test_one_slicing_argument_is_required_only_if_all_require_it() -> None:
    supergraph = supergraph_of(
        'type Query { q(n: Int): [Int] @shareable @listSize(slicingArguments: ["n"]) }',
        'type Query { q(n: Int): [Int] @shareable @listSize(slicingArguments: ["n"],'
        " requireOneSlicingArgument: false) }",
    )

    assert "requireOneSlicingArgument: false" in definition(supergraph, "type Query")
