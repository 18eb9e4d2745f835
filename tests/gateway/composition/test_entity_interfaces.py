"""Interfaces with keys, and objects that stand for them in other subgraphs."""

from tests.support.composition import codes, composition_of, definition, supergraph_of

INTERFACE = """
type Query { nodes: [N] }
interface N @key(fields: "id") { id: ID! name: String }
type A implements N @key(fields: "id") { id: ID! name: String }
type B implements N @key(fields: "id") { id: ID! name: String }
"""


def test_an_interface_object_adds_fields_to_every_implementer() -> None:
    supergraph = supergraph_of(
        INTERFACE,
        'type N @key(fields: "id") @interfaceObject { id: ID! note(n: Int = 2): String'
        ' @tag(name: "t") @authenticated @deprecated(reason: "old") }',
    )

    assert (
        definition(supergraph, "interface N")
        == """\
interface N
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id", isInterfaceObject: true)
{
  id: ID!
  name: String @join__field(graph: A)
  note(n: Int = 2): String @join__field(graph: B) @tag(name: "t") @authenticated \
@deprecated(reason: "old")
}"""
    )
    assert (
        definition(supergraph, "type B")
        == """\
type B implements N
  @join__type(graph: A, key: "id")
  @join__implements(graph: A, interface: "N")
{
  id: ID!
  name: String
  note(n: Int = 2): String @join__field @tag(name: "t") @authenticated @deprecated(reason: "old")
}"""
    )


def test_an_implementer_may_require_what_an_interface_object_adds() -> None:
    supergraph = supergraph_of(
        'type Query { nodes: [N] } interface N @key(fields: "id") { id: ID! }'
        ' type A implements N @key(fields: "id")'
        ' { id: ID! note: String @external loud: String @requires(fields: "note") }',
        'type N @key(fields: "id") @interfaceObject { id: ID! note: String }',
    )

    assert "  note: String @join__field(graph: A, external: true)\n" in supergraph


def test_a_field_of_object_and_interface_object_must_be_shareable() -> None:
    composition = composition_of(
        INTERFACE, 'type N @key(fields: "id") @interfaceObject { id: ID! name: String }'
    )

    assert codes(composition) == ["INVALID_FIELD_SHARING"]
    assert [error.coordinate for error in composition.errors] == ["A.name", "B.name"]


def test_an_interface_object_needs_an_interface() -> None:
    composition = composition_of(
        'type Query { n: N } type N @key(fields: "id") @interfaceObject { id: ID! }'
    )

    assert codes(composition) == ["INTERFACE_OBJECT_USAGE_ERROR"]


def test_an_interface_object_needs_a_key() -> None:
    composition = composition_of(INTERFACE, "type N @interfaceObject { note: String }")

    assert codes(composition) == ["INTERFACE_OBJECT_USAGE_ERROR"]


def test_an_interface_objects_subgraph_knows_no_implementer() -> None:
    composition = composition_of(
        INTERFACE,
        'type N @key(fields: "id") @interfaceObject { id: ID! note: String }'
        ' type A @key(fields: "id") { id: ID! other: Int }',
    )

    assert codes(composition) == ["INTERFACE_OBJECT_USAGE_ERROR"]


def test_a_subgraph_that_resolves_an_interface_knows_all_its_types() -> None:
    composition = composition_of(
        INTERFACE,
        'interface N { id: ID! } type C implements N @key(fields: "id") { id: ID! name: String }',
    )

    assert codes(composition) == ["INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE"]
    assert composition.errors[0].subgraph == "a"


def test_an_interfaces_key_is_a_key_of_its_types() -> None:
    composition = composition_of(
        'type Query { n: N } interface N @key(fields: "id") { id: ID! }'
        " type A implements N { id: ID! }"
    )

    assert codes(composition) == ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION"]


def test_the_order_of_a_keys_fields_does_not_matter() -> None:
    composition = composition_of(
        'type Query { n: N } interface N @key(fields: "a b { c d }") { a: ID! b: B }'
        ' type A implements N @key(fields: "b { d c } a") { a: ID! b: B } type B { c: ID d: ID }'
    )

    assert composition.errors == ()


def test_an_interface_objects_field_cannot_be_taken_over() -> None:
    composition = composition_of(
        INTERFACE,
        'type N @key(fields: "id") @interfaceObject { id: ID! name: String @override(from: "a") }',
    )

    assert codes(composition) == ["OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"]


def test_an_implementers_field_keeps_what_an_interface_object_demands() -> None:
    supergraph = supergraph_of(
        'type Query { nodes: [N] } interface N @key(fields: "id") { id: ID! }'
        ' type A implements N @key(fields: "id")'
        ' { id: ID! note: String @shareable @requiresScopes(scopes: [["x"]]) }',
        'type N @key(fields: "id") @interfaceObject'
        ' { id: ID! note: String @shareable @authenticated @requiresScopes(scopes: [["y"]]) }',
    )

    assert ('  note: String @authenticated @requiresScopes(scopes: [["x", "y"]])\n') in definition(
        supergraph, "type A"
    )
