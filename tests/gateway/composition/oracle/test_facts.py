"""Two documents state the same facts when they mean the same."""

import pytest

from tests.gateway.composition.oracle.facts import facts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type A { x: Int y: Int }", "type A { y: Int x: Int }"),
        ("type A { x(b: Int, a: Int): Int }", "type A { x(a: Int, b: Int): Int }"),
        ("enum E { X Y }", "enum E { Y X }"),
        ("union U = A | B", "union U = B | A"),
        ('"Said" type A { x: Int }', '"""\nSaid\n""" type A { x: Int }'),
        (
            'type A @join__type(graph: A, key: "a b") { x: Int }',
            'type A @join__type(key: "a  b", graph: A) { x: Int }',
        ),
        (
            "type A @join__type(graph: A, resolvable: true) { x: Int }",
            "type A @join__type(graph: A) { x: Int }",
        ),
        ("type A @b @c { x: Int }", "type A @c @b { x: Int }"),
        (
            'type A { x: Int @deprecated(reason: "No longer supported") }',
            "type A { x: Int @deprecated }",
        ),
        (
            'type A @requiresScopes(scopes: [["a", "b"], ["c"]]) { x: Int }',
            'type A @requiresScopes(scopes: [["c"], ["b", "a"]]) { x: Int }',
        ),
        ("type A { x: Int } scalar join__FieldSet", "type A { x: Int }"),
        ("schema { query: Query } type Query { x: Int }", "type Query { x: Int }"),
        ("input I { x: J = {a: 1, b: 2} }", "input I { x: J = {b: 2, a: 1} }"),
    ],
)
def test_the_way_of_writing_is_no_fact(one: str, other: str) -> None:
    assert facts(one) == facts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type A { x: Int }", "type A { x: Int! }"),
        ("type A { x: Int }", "interface A { x: Int }"),
        ("type A { x(a: Int = 1): Int }", "type A { x(a: Int): Int }"),
        ("type A { x(a: [Int] = [1, 2]): Int }", "type A { x(a: [Int] = [2, 1]): Int }"),
        ("type A implements I { x: Int }", "type A { x: Int }"),
        ("type A @join__type(graph: A) { x: Int }", "type A @join__type(graph: B) { x: Int }"),
        (
            "type A @join__type(graph: A, resolvable: false) { x: Int }",
            "type A @join__type(graph: A) { x: Int }",
        ),
        ("schema { query: Q } type Q { x: Int }", "type Q { x: Int }"),
        ("directive @d on FIELD", "directive @d on QUERY"),
        ("directive @d repeatable on FIELD", "directive @d on FIELD"),
        (
            'enum join__Graph { A @join__graph(name: "a", url: "u") }',
            'enum join__Graph { A @join__graph(name: "b", url: "u") }',
        ),
        ('"Said" type A { x: Int }', '"Not said" type A { x: Int }'),
    ],
)
def test_what_is_meant_is_a_fact(one: str, other: str) -> None:
    assert facts(one) != facts(other)


def test_a_link_is_a_fact_where_something_of_its_specification_stands() -> None:
    link = 'schema @link(url: "https://specs.apollo.dev/tag/v0.3") { query: Query }'

    stated = facts(f'{link} type Query {{ x: Int @tag(name: "t") }}')

    assert stated - facts('type Query { x: Int @tag(name: "t") }') == {
        'schema @link(url: "https://specs.apollo.dev/tag/v0.3")'
    }
    assert facts(f"{link} type Query {{ x: Int }}") == facts("type Query { x: Int }")
