"""Output fields: where they are, and what type they have for clients."""

import pytest

from tests.support.composition import codes, composition_of, definition, supergraph_of


def test_each_field_says_which_subgraph_has_it() -> None:
    supergraph = supergraph_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! name: String }',
        'type P @key(fields: "id") { id: ID! price: Int }',
    )

    assert (
        definition(supergraph, "type P")
        == """\
type P
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  name: String @join__field(graph: A)
  price: Int @join__field(graph: B)
}"""
    )


def test_every_subgraph_has_a_query_root() -> None:
    supergraph = supergraph_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! }',
        'type P @key(fields: "id") { id: ID! price: Int }',
    )

    assert (
        definition(supergraph, "type Query")
        == """\
type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  p: P @join__field(graph: A)
}"""
    )


def test_a_key_that_does_not_resolve_is_told() -> None:
    supergraph = supergraph_of(
        'type Query { p: P } type P @key(fields: "id", resolvable: false) { id: ID! }',
        'type P @key(fields: "id") @key(fields: "n { x }") { id: ID! n: N } type N { x: Int }',
    )

    assert (
        definition(supergraph, "type P")
        == """\
type P
  @join__type(graph: A, key: "id", resolvable: false)
  @join__type(graph: B, key: "id")
  @join__type(graph: B, key: "n { x }")
{
  id: ID!
  n: N @join__field(graph: B)
}"""
    )


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("String!", "String", "String"),
        ("[String!]!", "[String]", "[String]"),
        ("[String!]", "[String]!", None),
        ("String", "Int", None),
        ("String", "[String]", None),
    ],
)
def test_the_wider_type_is_the_one_that_clients_see(
    one: str, other: str, merged: str | None
) -> None:
    composition = composition_of(
        f"type Query {{ x: {one} @shareable }}", f"type Query {{ x: {other} @shareable }}"
    )

    expected = f"  x: {merged} @join__field(graph: A, type: {quoted(one)})"
    assert (expected in (composition.supergraph_sdl or "")) is (merged is not None)
    assert codes(composition) == ([] if merged else ["FIELD_TYPE_MISMATCH"])


def test_a_type_narrows_the_unions_and_interfaces_that_it_belongs_to() -> None:
    supergraph = supergraph_of(
        """
        type Query { u: U @shareable i: I @shareable }
        union U = P | Q
        interface I { x: Int }
        type P implements I @shareable { x: Int }
        type Q { y: Int }
        """,
        "type Query { u: P @shareable i: P! @shareable } type P @shareable { x: Int }",
    )

    assert (
        definition(supergraph, "type Query")
        == """\
type Query
  @join__type(graph: A)
  @join__type(graph: B)
{
  u: U @join__field(graph: A, type: "U") @join__field(graph: B, type: "P")
  i: I @join__field(graph: A, type: "I") @join__field(graph: B, type: "P!")
}"""
    )


def test_a_field_of_two_subgraphs_must_be_shareable_in_both() -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID!\n name: String }',
        'type P @key(fields: "id") { id: ID! name: String @shareable }',
    )

    [error] = composition.errors
    assert str(error) == (
        "INVALID_FIELD_SHARING (a, P.name, line 3): "
        'P.name is resolved by "a", "b" and is not @shareable here.'
    )


def test_a_type_is_of_one_kind() -> None:
    composition = composition_of("type Query { p: P } type P { x: Int }", "scalar P")

    assert codes(composition) == ["TYPE_KIND_MISMATCH"]
    assert composition.errors[0].subgraph == "b"


def test_arguments_that_not_all_take_are_dropped() -> None:
    supergraph = supergraph_of(
        "type Query { q(only: Int, both: Int = 3, narrow: Int): Int @shareable }",
        "type Query { q(both: Int = 3, narrow: Int!): Int @shareable }",
    )

    assert "q(both: Int = 3, narrow: Int!): Int\n" in supergraph


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("(x: Int!)", "", "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"),
        ("(x: Int)", "(x: String)", "FIELD_ARGUMENT_TYPE_MISMATCH"),
        ("(x: Int = 1)", "(x: Int = 2)", "FIELD_ARGUMENT_DEFAULT_MISMATCH"),
        ("(x: Int = null)", "(x: Int = 2)", "FIELD_ARGUMENT_DEFAULT_MISMATCH"),
    ],
)
def test_arguments_that_cannot_be_merged_are_refused(one: str, other: str, code: str) -> None:
    composition = composition_of(
        f"type Query {{ q{one}: Int @shareable }}", f"type Query {{ q{other}: Int @shareable }}"
    )

    assert codes(composition) == [code]
    assert composition.errors[0].coordinate == "Query.q(x:)"


def test_a_default_that_only_one_subgraph_has_is_no_default() -> None:
    supergraph = supergraph_of(
        "type Query { q(x: Int = 1): Int @shareable }", "type Query { q(x: Int): Int @shareable }"
    )

    assert "q(x: Int): Int\n" in supergraph


def test_the_description_of_most_subgraphs_wins() -> None:
    supergraph = supergraph_of(
        'type Query { "x" q: Int @shareable }',
        'type Query { "y" q: Int @shareable }',
        'type Query { "y" q: Int @shareable }',
    )

    assert '  """y"""\n  q: Int\n' in supergraph


def test_root_types_take_their_usual_names() -> None:
    supergraph = supergraph_of(
        "schema { query: Q mutation: M } type Q { a: Int q: Q } type M { m: Q }",
        "type Query { b: Int }",
    )

    assert "q: Query @join__field(graph: A)" in definition(supergraph, "type Query")
    assert "m: Query\n" in definition(supergraph, "type Mutation")


def test_no_other_type_may_have_a_roots_name() -> None:
    composition = composition_of("schema { query: Q } type Q { a: Int } type Query { b: Int }")

    assert codes(composition) == ["ROOT_QUERY_USED"]


def test_a_graph_without_queries_is_refused() -> None:
    composition = composition_of('type P @key(fields: "id") { id: ID! }')

    assert codes(composition) == ["NO_QUERIES"]


def test_a_type_that_is_only_ever_extended_is_refused() -> None:
    composition = composition_of(
        'type Query { a: Int } extend type P @key(fields: "id") { id: ID! }'
    )

    assert codes(composition) == ["EXTENSION_WITH_NO_BASE"]


def test_an_interfaces_new_field_must_be_on_all_of_its_types() -> None:
    composition = composition_of(
        'type Query { n: N } interface N { id: ID! } type A implements N @key(fields: "id")'
        " { id: ID! }",
        'interface N { id: ID! x: Int } type B implements N @key(fields: "id") { id: ID! x: Int }',
    )

    assert codes(composition) == ["INTERFACE_FIELD_NO_IMPLEM"]
    assert composition.errors[0].coordinate == "A"


def test_unions_have_the_members_of_all_subgraphs() -> None:
    supergraph = supergraph_of(
        "type Query { a: U } union U = A | B type A @shareable { x: Int } type B { x: Int }",
        "type Query { b: U } union U = A | C type A @shareable { x: Int } type C { x: Int }",
    )

    assert (
        definition(supergraph, "union U")
        == """\
union U
  @join__type(graph: A)
  @join__type(graph: B)
  @join__unionMember(graph: A, member: "A")
  @join__unionMember(graph: A, member: "B")
  @join__unionMember(graph: B, member: "A")
  @join__unionMember(graph: B, member: "C")
= A | B | C"""
    )


def quoted(text: str) -> str:
    return f'"{text}"'


def test_shareable_is_said_once() -> None:
    composition = composition_of("type Query { q: Int @shareable @shareable }")

    assert codes(composition) == ["INVALID_SHAREABLE_USAGE"]


def test_shareable_on_a_type_is_said_of_that_part_of_it() -> None:
    composition = composition_of(
        "type Query { p: P } type P @shareable { x: Int } extend type P { y: Int }",
        "type P @shareable { x: Int y: Int }",
    )

    assert [(error.code, error.coordinate) for error in composition.errors] == [
        ("INVALID_FIELD_SHARING", "P.y")
    ]


def test_two_subgraphs_cannot_have_the_same_subscription() -> None:
    composition = composition_of(
        "type Query { q: Int } type Subscription { s: Int @shareable }",
        "type Subscription { s: Int @shareable }",
    )

    assert codes(composition) == ["INVALID_FIELD_SHARING"]
