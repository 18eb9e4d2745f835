"""Subgraph documents: what they link, call things and get wrong."""

import pytest

from gateway.composition import Subgraph, compose
from tests.support.composition import (
    codes,
    composition_as_is,
    composition_of,
    definition,
    sdl_of,
    supergraph_of,
)

LINK = "https://specs.apollo.dev"


@pytest.mark.parametrize(
    "sdl",
    [
        f'extend schema @link(url: "{LINK}/federation/v2.3")'
        ' type Query { p: P } type P @federation__key(fields: "id") { id: ID! }',
        f'extend schema @link(url: "{LINK}/federation/v2.3", as: "fed")'
        ' type Query { p: P } type P @fed__key(fields: "id") { id: ID! }',
        f'extend schema @link(url: "{LINK}/federation/v2.3", import: [{{name: "@key", as: "@id"}}])'
        ' type Query { p: P } type P @id(fields: "id") { id: ID! }',
        f'extend schema @core(url: "{LINK}/link/v1.0", as: "core")'
        f' @core(url: "{LINK}/federation/v2.3", import: ["@key"])'
        ' type Query { p: P } type P @key(fields: "id") { id: ID! }',
    ],
)
def test_directives_are_known_by_their_specification(sdl: str) -> None:
    supergraph = sdl_of(composition_as_is(sdl))

    assert '  @join__type(graph: A, key: "id")\n' in definition(supergraph, "type P")


def test_a_specification_may_be_linked_by_itself() -> None:
    supergraph = sdl_of(
        composition_as_is(
            f'extend schema @link(url: "{LINK}/federation/v2.3") @link(url: "{LINK}/tag/v0.3",'
            f' as: "mark") @link(url: "{LINK}/inaccessible/v0.2")'
            ' type Query { a: Int @mark(name: "t") b: Int @inaccessible }'
        )
    )

    assert '  a: Int @mark(name: "t")\n  b: Int @inaccessible\n' in supergraph


def test_a_directive_that_is_not_imported_is_somebody_elses() -> None:
    supergraph = sdl_of(
        composition_as_is(
            f'extend schema @link(url: "{LINK}/federation/v2.3")'
            " directive @key(fields: String) on OBJECT"
            ' type Query { p: P } type P @key(fields: "id") { id: ID! }'
        )
    )

    assert "key" not in definition(supergraph, "type P")


@pytest.mark.parametrize(
    ("links", "code"),
    [
        (f'@link(url: "{LINK}/federation/v3.0")', "UNKNOWN_FEDERATION_LINK_VERSION"),
        (f'@link(url: "{LINK}/federation/v2.99")', "UNKNOWN_FEDERATION_LINK_VERSION"),
        (f'@link(url: "{LINK}/federation")', "INVALID_LINK_IDENTIFIER"),
        (f'@link(url: "{LINK}/policy/v0.9")', "UNKNOWN_LINK_VERSION"),
        (f'@link(url: "{LINK}/connect/v0.1")', "UNSUPPORTED_LINKED_FEATURE"),
        (
            '@link(url: "https://example.com/mine/v1.0", for: SECURITY)',
            "UNSUPPORTED_LINKED_FEATURE",
        ),
        (
            f'@link(url: "{LINK}/federation/v2.0", import: ["@nope"])',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (
            f'@link(url: "{LINK}/federation/v2.0", import: ["@authenticated"])',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (
            f'@link(url: "{LINK}/federation/v2.0", import: [{{name: "@key", as: "key"}}])',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (f'@link(url: "{LINK}/federation/v2.0", as: "a__b")', "INVALID_LINK_DIRECTIVE_USAGE"),
        ("@link", "INVALID_LINK_DIRECTIVE_USAGE"),
    ],
)
def test_what_is_not_understood_is_refused(links: str, code: str) -> None:
    composition = composition_as_is(f"extend schema\n{links} type Query {{ a: Int }}")

    [error] = composition.errors
    assert (error.code, error.subgraph, error.line) == (code, "a", 2)


@pytest.mark.parametrize(
    "sdl",
    [
        "type Query {\n",
        "type Query { a: Int }\n{ a }",
        "type Query { a: Int }\ntype Query { b: Int }",
        "type Query {\na: Nope }",
        "type Query { a: Int }\ntype P @nope { a: Int }",
        "type Query { a: Int }\ntype P @key { a: Int }",
        "type Query { a: Int }\ntype P @tag(name: 1) { a: Int }",
        "interface N { x: Int } type Query { n: N }\ntype P implements N { y: Int }",
        "type Query { a(\nx: Query): Int }",
        "type Query {\na(x: Int = true): Int }",
        "type Query { a(i: I): Int }\ninput I { x: Int! = null }",
        "type Query { a: Int }\nfragment F on Query { a }",
    ],
)
def test_a_document_that_is_not_valid_is_refused_with_its_line(sdl: str) -> None:
    composition = composition_of(f"#\n{sdl}")

    assert codes(composition) == ["INVALID_GRAPHQL"]
    assert composition.errors[0].subgraph == "a"
    assert (composition.errors[0].line or 0) >= 3


def test_every_subgraphs_faults_are_told() -> None:
    composition = composition_of("type Query {", "type Query { a: Nope }")

    assert [error.subgraph for error in composition.errors] == ["a", "b"]


def test_federations_own_types_and_fields_are_left_out() -> None:
    supergraph = supergraph_of(
        """
        type Query { a: P _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
        type P @key(fields: "id") { id: ID! }
        scalar _Any
        union _Entity = P
        type _Service { sdl: String! }
        directive @key(fields: federation__FieldSet!) repeatable on OBJECT
        scalar federation__FieldSet
        """
    )

    assert "_Entity" not in supergraph
    assert "federation__" not in supergraph
    assert definition(supergraph, "type Query").endswith("{\n  a: P\n}")


def test_a_root_of_nothing_but_machinery_has_no_queries() -> None:
    composition = composition_of("type Query { _service: _Service! } type _Service { sdl: String }")

    assert codes(composition) == ["NO_QUERIES"]


@pytest.mark.parametrize("names", [("a", "a"), ("", "b"), ("_", "b")])
def test_subgraphs_are_told_apart_by_name(names: tuple[str, str]) -> None:
    composition = compose([Subgraph(name, "", "type Query { a: Int }") for name in names])

    assert codes(composition) == ["INVALID_SUBGRAPH_NAME"]


def test_any_name_has_an_identifier_of_its_own() -> None:
    names = ("orders", "my-orders", "my.orders", "9lives", "v_2")
    composition = compose(
        [
            Subgraph(name, f"http://{index}", f"type Query {{ f{index}: Int }}")
            for index, name in enumerate(names)
        ]
    )

    assert (
        definition(sdl_of(composition), "enum join__Graph")
        == """\
enum join__Graph {
  ORDERS @join__graph(name: "orders", url: "http://0")
  MY_ORDERS_1 @join__graph(name: "my-orders", url: "http://1")
  MY_ORDERS_2 @join__graph(name: "my.orders", url: "http://2")
  _9LIVES @join__graph(name: "9lives", url: "http://3")
  V_2_ @join__graph(name: "v_2", url: "http://4")
}"""
    )
