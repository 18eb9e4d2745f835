"""Subgraphs that link no federation 2: everything is shared, and extensions mean something."""

from tests.support.composition import FEDERATION, codes, composition_as_is, definition, sdl_of

OWNER = 'type Query { p: P total: Int } type P @key(fields: "id") { id: ID! n: String }'


def test_everything_may_be_shared() -> None:
    supergraph = sdl_of(composition_as_is(OWNER, "extend type Query { total: Int }"))

    assert "  total: Int\n" in supergraph


def test_an_extension_requires_what_its_owner_has() -> None:
    supergraph = sdl_of(
        composition_as_is(
            OWNER,
            'extend type P @key(fields: "id")'
            ' { id: ID! @external n: String @external y: Int @requires(fields: "n") }',
        )
    )

    assert (
        definition(supergraph, "type P")
        == """\
type P
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
{
  id: ID!
  n: String @join__field(graph: A) @join__field(graph: B, external: true)
  y: Int @join__field(graph: B, requires: "n")
}"""
    )


def test_external_fields_that_nothing_uses_are_dropped() -> None:
    supergraph = sdl_of(
        composition_as_is(
            OWNER,
            'extend type P @key(fields: "id") { id: ID! @external n: String @external y: Int }',
        )
    )

    assert "  n: String @join__field(graph: A)\n" in supergraph


def test_an_extension_without_key_has_its_owners() -> None:
    supergraph = sdl_of(
        composition_as_is(
            OWNER, "extend type Query { q: P } extend type P { id: ID! @external n: String }"
        )
    )

    assert (
        definition(supergraph, "type P")
        == """\
type P
  @join__type(graph: A, key: "id")
  @join__type(graph: B)
{
  id: ID!
  n: String
}"""
    )


def test_a_type_of_unused_external_fields_is_refused() -> None:
    composition = composition_as_is(
        OWNER, "extend type Query { q: P } type P { n: String @external }"
    )

    assert codes(composition) == ["TYPE_WITH_ONLY_UNUSED_EXTERNAL"]


def test_a_key_may_be_a_list() -> None:
    supergraph = sdl_of(
        composition_as_is('type Query { p: P } type P @key(fields: ["id", "n"]) { id: ID n: ID }')
    )

    assert '  @join__type(graph: A, key: "id n")\n' in supergraph


def test_a_key_of_an_interface_means_nothing() -> None:
    supergraph = sdl_of(
        composition_as_is('type Query { n: N } interface N @key(fields: "id") { id: ID! }')
    )

    assert (
        definition(supergraph, "interface N")
        == """\
interface N
  @join__type(graph: A)
{
  id: ID!
}"""
    )


def test_what_is_shared_with_federation_two_is_shareable_there() -> None:
    composition = composition_as_is(
        OWNER, f'{FEDERATION} type P @key(fields: "id") {{ id: ID! n: String }}'
    )

    [error] = composition.errors
    assert (error.code, error.subgraph) == ("INVALID_FIELD_SHARING", "b")
