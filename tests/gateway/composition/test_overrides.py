"""Fields that one subgraph takes over from another."""

import pytest

from tests.support.composition import codes, composition_of, definition, supergraph_of

SOURCE = 'type Query { p: P } type P @key(fields: "id") { id: ID! x: Int }'


def test_nothing_is_left_where_a_field_was() -> None:
    supergraph = supergraph_of(
        SOURCE, 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a") }'
    )

    assert '  x: Int @join__field(graph: B, override: "a")\n' in supergraph


@pytest.mark.parametrize(
    "source",
    [
        'type Query { p: P } type P @key(fields: "id") @key(fields: "x") { id: ID! x: Int }',
        'type Query { p: N } interface N { x: Int } type P implements N @key(fields: "id")'
        " { id: ID! x: Int }",
    ],
)
def test_a_field_that_its_source_still_needs_stays_there(source: str) -> None:
    supergraph = supergraph_of(
        source, 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a") }'
    )

    fields = definition(supergraph, "type P")
    assert (
        "x: Int @join__field(graph: A, usedOverridden: true)"
        ' @join__field(graph: B, override: "a")\n'
    ) in fields


def test_with_a_label_both_resolve_it() -> None:
    supergraph = supergraph_of(
        SOURCE,
        'type P @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(5.5)") }',
    )

    assert (
        'x: Int @join__field(graph: A, overrideLabel: "percent(5.5)")'
        ' @join__field(graph: B, override: "a", overrideLabel: "percent(5.5)")\n'
    ) in supergraph


def test_what_is_taken_over_from_nobody_stays_where_else_it_is() -> None:
    supergraph = supergraph_of(
        SOURCE.replace("x: Int", "x: Int @shareable"),
        'type P @key(fields: "id") { id: ID! x: Int @shareable @override(from: "gone") }',
    )

    joins = '@join__field(graph: A) @join__field(graph: B, override: "gone")'
    assert f"  x: Int {joins}\n" in definition(supergraph, "type P")


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('x: Int @override(from: "b")', "OVERRIDE_FROM_SELF_ERROR"),
        ('x: Int @override(from: "a", label: "percent(101)")', "OVERRIDE_LABEL_INVALID"),
        ('x: Int @override(from: "a", label: "1 name")', "OVERRIDE_LABEL_INVALID"),
        (
            'x: Int @external @override(from: "a") y: Int @requires(fields: "x")',
            "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        ),
    ],
)
def test_overrides_that_mean_nothing_are_refused(field: str, code: str) -> None:
    composition = composition_of(SOURCE, f'type P @key(fields: "id") {{ id: ID! {field} }}')

    assert codes(composition) == [code]


def test_a_requirement_cannot_be_taken_over() -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id")'
        ' { id: ID! z: Int @external x: Int @requires(fields: "z") }',
        'type P @key(fields: "id") { id: ID! z: Int x: Int @override(from: "a") }',
    )

    assert codes(composition) == ["OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"]


def test_two_subgraphs_cannot_take_from_each_other() -> None:
    composition = composition_of(
        SOURCE.replace("x: Int", 'x: Int @override(from: "b")'),
        'type P @key(fields: "id") { id: ID! x: Int @override(from: "a") }',
    )

    assert codes(composition) == ["OVERRIDE_SOURCE_HAS_OVERRIDE"]
    assert [error.subgraph for error in composition.errors] == ["a", "b"]
