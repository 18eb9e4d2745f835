"""What composes, but not all of it."""

import pytest

from tests.support.composition import composition_as_is, composition_of


@pytest.mark.parametrize(
    ("one", "other", "code", "coordinate"),
    [
        (
            "type Query { q(x: Int, y: Int): Int @shareable }",
            "type Query { q(y: Int): Int @shareable }",
            "INCONSISTENT_ARGUMENT_PRESENCE",
            "Query.q(x:)",
        ),
        (
            "type Query { q(x: Int = 1): Int @shareable }",
            "type Query { q(x: Int): Int @shareable }",
            "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
            "Query.q(x:)",
        ),
        (
            'type Query { c: C } type C @context(name: "c") { x: Int d: D } type D @key(fields:'
            ' "id") { id: ID! q(x: Int @fromContext(field: "$c { x }")): Int @shareable }',
            'type D @key(fields: "id") { id: ID! q(x: Int): Int @shareable }',
            "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
            "D.q(x:)",
        ),
        (
            "type Query { q(i: I): Int @shareable } input I { x: Int y: Int }",
            "type Query { q(i: I): Int @shareable } input I { y: Int }",
            "INCONSISTENT_INPUT_OBJECT_FIELD",
            "I.x",
        ),
        (
            "type Query { q(e: E): Int @shareable } enum E { X Y }",
            "type Query { q(e: E): Int @shareable } enum E { Y }",
            "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
            "E.X",
        ),
        (
            "type Query { q: Int } directive @live on FIELD directive @own on OBJECT",
            "type Query { p: Int }",
            "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
            "@live",
        ),
        (
            'type Query { q: Int @override(from: "gone") }',
            "type Query { p: Int }",
            "FROM_SUBGRAPH_DOES_NOT_EXIST",
            "Query.q",
        ),
    ],
)
def test_what_is_left_behind_is_told(one: str, other: str, code: str, coordinate: str) -> None:
    composition = composition_of(one, other)

    assert composition.supergraph_sdl is not None
    assert [(hint.code, hint.coordinate) for hint in composition.hints] == [(code, coordinate)]


def test_a_dropped_external_field_is_no_loss() -> None:
    composition = composition_as_is(
        'type Query { p: P } type P @key(fields: "id") { id: ID! n: String }',
        'extend type P @key(fields: "id") { id: ID! @external n: String @external y: Int }',
    )

    assert composition.hints == ()
