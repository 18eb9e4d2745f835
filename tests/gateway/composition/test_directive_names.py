"""The supergraph calls a directive as its subgraphs do, and no two alike."""

from gateway.supergraph.model import Rule
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import codes, composition_as_is, definition, sdl_of

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [%s])\n'
AS_LABEL = LINK % '{name: "@tag", as: "@label"}'
MINE = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [%s])
  @link(url: "https://example.com/mine/v1.0", import: ["@%s"])
  @composeDirective(name: "@%s")
directive @%s(at: Int) on FIELD_DEFINITION
"""


def mine(name: str, *imports: str) -> str:
    return MINE % (", ".join(['"@composeDirective"', *imports]), name, name, name)


def test_a_directive_keeps_the_name_that_its_subgraphs_give_it() -> None:
    supergraph = sdl_of(composition_as_is(f'{AS_LABEL} type Query {{ a: Int @label(name: "x") }}'))

    assert 'a: Int @label(name: "x")' in definition(supergraph, "type Query")
    assert "directive @label(name: String!)" in supergraph
    assert 'import: [{name: "@tag", as: "@label"}]' in supergraph


def test_a_rule_under_another_name_is_still_a_rule() -> None:
    sdl = LINK % '{name: "@authenticated", as: "@known"}' + "type Query { a: Int @known }"

    supergraph = read_supergraph(sdl_of(composition_as_is(sdl)))

    assert supergraph.rules == {"Query.a": Rule(authenticated=True)}


def test_subgraphs_agree_on_a_name() -> None:
    composition = composition_as_is(
        f'{AS_LABEL} type Query {{ a: Int @label(name: "x") }}',
        LINK % '"@tag"' + 'type Query { b: Int @tag(name: "x") }',
    )

    assert codes(composition) == ["LINK_IMPORT_NAME_MISMATCH"]


def test_a_name_that_is_only_imported_is_no_disagreement() -> None:
    composition = composition_as_is(
        f'{AS_LABEL} type Query {{ a: Int @label(name: "x") }}',
        LINK % '"@tag"' + "type Query { b: Int }",
    )

    assert composition.errors == ()


def test_a_subgraphs_own_directive_keeps_a_name_that_is_free() -> None:
    sdl = mine("tag", '{name: "@tag", as: "@label"}')
    composition = composition_as_is(f'{sdl} type Query {{ a: Int @label(name: "x") @tag(at: 1) }}')

    supergraph = sdl_of(composition)

    assert "directive @tag(at: Int) on FIELD_DEFINITION" in supergraph
    assert 'a: Int @label(name: "x") @tag(at: 1)' in supergraph
    assert 'as: "_0tag"' in supergraph


def test_a_subgraphs_own_directive_takes_no_name_of_another() -> None:
    composition = composition_as_is(
        f'{AS_LABEL} type Query {{ a: Int @label(name: "x") }}',
        f"{mine('label')} type Query {{ b: Int @label(at: 1) }}",
    )

    assert codes(composition) == ["DIRECTIVE_COMPOSITION_ERROR"]
