"""Keys, requirements, provisions and what is external."""

import pytest

from tests.support.composition import codes, composition_of, definition, supergraph_of

CATALOG = """
type Query { products: [Product] }
type Product @key(fields: "id") {
  id: ID!
  price(currency: String!): Int
  name: String @shareable
}
"""


def test_a_requirement_is_told_with_its_arguments() -> None:
    supergraph = supergraph_of(
        CATALOG,
        """
        type Product @key(fields: "id") {
          id: ID!
          price(currency: String!): Int @external
          tax: Int @requires(fields: "price(currency: \\"EUR\\")")
        }
        """,
    )

    assert (
        definition(supergraph, "type Product")
        == """\
type Product
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  price(currency: String!): Int @join__field(graph: A) @join__field(graph: B, external: true)
  name: String @join__field(graph: A)
  tax: Int @join__field(graph: B, requires: "price(currency: \\"EUR\\")")
}"""
    )


def test_a_provision_is_told_where_it_holds() -> None:
    supergraph = supergraph_of(
        CATALOG,
        """
        type Query { best: Product @provides(fields: "name") }
        type Product @key(fields: "id") { id: ID! name: String @external }
        """,
    )

    assert (
        "name: String @join__field(graph: A) @join__field(graph: B, external: true)\n" in supergraph
    )
    assert 'best: Product @join__field(graph: B, provides: "name")\n' in supergraph


def test_provisions_reach_through_interfaces_and_unions() -> None:
    composition = composition_of(
        """
        type Query {
          media: Media @shareable @provides(fields: "animals { name }")
          any: [Any] @provides(fields: "... on Dog { name }")
        }
        interface Media { id: ID! animals: [Animal] }
        interface Animal { name: String }
        union Any = Dog
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @external }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @external }
        """,
        """
        type Query { media: Media @shareable }
        interface Media { id: ID! animals: [Animal] }
        interface Animal { name: String }
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable }
        """,
    )

    assert composition.errors == ()


@pytest.mark.parametrize(
    "extended", ['extend type P @key(fields: "id")', 'type P @extends @key(fields: "id")']
)
def test_an_extensions_external_key_resolves_after_all(extended: str) -> None:
    supergraph = supergraph_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! }',
        f"{extended} {{ id: ID! @external x: Int }}",
    )

    assert (
        definition(supergraph, "type P")
        == """\
type P
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id", extension: true)
{
  id: ID!
  x: Int @join__field(graph: B)
}"""
    )


@pytest.mark.parametrize(
    ("key", "fields", "code"),
    [
        ('"nope"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('""', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"id }"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"id } { id"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"key: id"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"part"', "part: Part", "KEY_INVALID_FIELDS"),
        ('"id { x }"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"... on Part { id }"', "id: ID!", "KEY_INVALID_FIELDS"),
        ('"id"', "id(x: Int): ID!", "KEY_FIELDS_HAS_ARGS"),
        ('"id @skip(if: true)"', "id: ID!", "KEY_DIRECTIVE_IN_FIELDS_ARG"),
        ('"node { id }"', "node: Node", "KEY_FIELDS_SELECT_INVALID_TYPE"),
        ('["id"]', "id: ID!", "KEY_INVALID_FIELDS_TYPE"),
    ],
)
def test_a_key_must_select_fields_that_identify(key: str, fields: str, code: str) -> None:
    composition = composition_of(
        "type Query { p: P } interface Node { id: ID! } type Part implements Node { id: ID! }\n"
        f"type P @key(fields: {key}) {{ {fields} }}"
    )

    assert codes(composition) == [code]
    assert (composition.errors[0].coordinate, composition.errors[0].line) == ("P", 3)


@pytest.mark.parametrize("key", ["id", "ids parts { id }", "__typename id", "part { id }"])
def test_a_key_may_be_composite_and_of_lists(key: str) -> None:
    composition = composition_of(
        f'type Query {{ p: P }} type P @key(fields: "{key}")'
        " { id: ID! ids: [ID!] part: Part parts: [Part] } type Part { id: ID! }"
    )

    assert composition.errors == ()


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('y: Int @requires(fields: "nope")', "REQUIRES_INVALID_FIELDS"),
        ('y: Int @requires(fields: "x(a: 1)")', "REQUIRES_INVALID_FIELDS"),
        ('y: Int @requires(fields: "needy")', "REQUIRES_INVALID_FIELDS"),
        ('y: Int @requires(fields: "x @skip(if: true)")', "REQUIRES_DIRECTIVE_IN_FIELDS_ARG"),
        ('y: Int @requires(fields: "own")', "REQUIRES_FIELDS_MISSING_EXTERNAL"),
        ('y: Int @requires(fields: ["x"])', "REQUIRES_INVALID_FIELDS_TYPE"),
        ('y: Int @provides(fields: "x")', "PROVIDES_ON_NON_OBJECT_FIELD"),
        ('y: P @provides(fields: "nope")', "PROVIDES_INVALID_FIELDS"),
        ('y: P @provides(fields: "own")', "PROVIDES_FIELDS_MISSING_EXTERNAL"),
        ('y: P @provides(fields: "needy(a: 1)")', "PROVIDES_FIELDS_HAS_ARGS"),
        ('y: P @provides(fields: "x @skip(if: true)")', "PROVIDES_DIRECTIVE_IN_FIELDS_ARG"),
        ('y: P @provides(fields: ["x"])', "PROVIDES_INVALID_FIELDS_TYPE"),
        ("y: Int @external", "EXTERNAL_UNUSED"),
    ],
)
def test_what_is_required_or_provided_must_be_external(field: str, code: str) -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id")'
        " { id: ID! x: Int needy(a: Int!): Int own: Int @shareable y: P @shareable }",
        'type P @key(fields: "id") { id: ID! x: Int @external needy(a: Int!): Int @external'
        ' own: Int @shareable use: Int @requires(fields: "x needy(a: 1)")\n'
        f"{field} }}",
    )

    assert codes(composition) == [code]
    assert (composition.errors[0].subgraph, composition.errors[0].line) == ("b", 3)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("price(c: Int! = 1): String", "EXTERNAL_TYPE_MISMATCH"),
        ("price(c: Int! = 1): Int!", "EXTERNAL_TYPE_MISMATCH"),
        ("price: Int", "EXTERNAL_ARGUMENT_MISSING"),
        ('price(c: String! = "1"): Int', "EXTERNAL_ARGUMENT_TYPE_MISMATCH"),
        ("price(c: Int! = 2): Int", "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH"),
    ],
)
def test_an_external_field_is_declared_as_it_is(declared: str, code: str) -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! price(c: Int! = 1): Int }',
        f'type P @key(fields: "id") {{ id: ID! {declared} @external'
        ' x: Int @requires(fields: "price") }',
    )

    assert codes(composition) == [code]


def test_somebody_must_resolve_what_is_external() -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! }',
        'type P @key(fields: "id") { id: ID! y: Int @external x: Int @requires(fields: "y") }',
    )

    assert codes(composition) == ["EXTERNAL_MISSING_ON_BASE"]
    assert composition.errors[0].coordinate == "P.y"


def test_tags_belong_where_a_field_is_resolved() -> None:
    composition = composition_of(
        'type Query { p: P } type P @key(fields: "id") { id: ID! y: Int }',
        'type P @key(fields: "id") { id: ID! y: Int @external @tag(name: "t")'
        ' x: Int @requires(fields: "y") }',
    )

    assert codes(composition) == ["MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("x: Int @external", "EXTERNAL_ON_INTERFACE"),
        ("x: Int @shareable", "INVALID_SHAREABLE_USAGE"),
        ('x: Int @override(from: "b")', "OVERRIDE_ON_INTERFACE"),
        ('x: Int @requires(fields: "id")', "REQUIRES_UNSUPPORTED_ON_INTERFACE"),
        ('x: N @provides(fields: "id")', "PROVIDES_UNSUPPORTED_ON_INTERFACE"),
    ],
)
def test_interfaces_resolve_nothing(field: str, code: str) -> None:
    composition = composition_of(f"type Query {{ n: N }} interface N {{ id: ID! {field} }}")

    assert code in codes(composition)
