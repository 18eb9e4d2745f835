"""The subgraphs' own directives in the supergraph."""

import pytest

from tests.support.composition import codes, composition_as_is, sdl_of

SCHEMA = """
extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.3"
    import: ["@composeDirective", "@shareable"]
  )
  @link(
    url: "https://example.com/audit/v1.{minor}"
    import: ["@audit", {{name: "@log", as: "@trail"}}]
  )
  @composeDirective(name: "@audit")
  @composeDirective(name: "@trail")
directive @audit(level: Int{arguments})
  on FIELD_DEFINITION | OBJECT | ENUM_VALUE | ARGUMENT_DEFINITION
directive @trail on FIELD_DEFINITION
directive @private on FIELD_DEFINITION
"""


def test_a_composed_directive_stands_wherever_it_is_used() -> None:
    supergraph = sdl_of(
        composition_as_is(
            SCHEMA.format(minor=0, arguments="") + "type Query @audit"
            " { q(x: Int @audit): E @audit(level: 1) @trail @private @shareable }"
            " enum E { A @audit(level: 2) }",
            SCHEMA.format(minor=2, arguments=", on: Int")
            + "type Query { q(x: Int): E @audit(level: 3) @shareable } enum E { A }",
        )
    )

    assert "  @join__type(graph: B)\n  @audit\n{" in supergraph
    assert "  q(x: Int @audit): E @audit(level: 1) @trail @audit(level: 3)\n" in supergraph
    assert "@audit(level: 2)\n" in supergraph
    assert "directive @audit(level: Int, on: Int) on" in supergraph
    assert (
        '@link(url: "https://example.com/audit/v1.2",'
        ' import: ["@audit", {name: "@log", as: "@trail"}])'
    ) in supergraph
    assert "@private" not in supergraph


def test_a_directive_that_is_not_composed_stays_behind() -> None:
    supergraph = sdl_of(
        composition_as_is("directive @mine on FIELD_DEFINITION type Query { q: Int @mine }")
    )

    assert "@mine" not in supergraph


@pytest.mark.parametrize("name", ["audit", "@shareable", "@deprecated", "@nope", "@unlinked"])
def test_only_a_linked_and_defined_directive_is_composed(name: str) -> None:
    composition = composition_as_is(
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",'
        ' import: ["@composeDirective", "@shareable"])'
        ' @link(url: "https://example.com/audit/v1.0", import: ["@audit", "@nope"])\n'
        f'@composeDirective(name: "{name}") type Query {{ q: Int }}'
        " directive @audit on OBJECT directive @unlinked on OBJECT"
    )

    assert codes(composition) == ["DIRECTIVE_COMPOSITION_ERROR"]
    assert composition.errors[0].line == 2


def test_a_directive_of_two_specifications_is_refused() -> None:
    sdl = SCHEMA.format(minor=0, arguments="") + "type Query { %s: Int }"

    composition = composition_as_is(sdl % "a", sdl.replace("audit/v1", "audit/v2") % "b")

    assert codes(composition) == ["DIRECTIVE_COMPOSITION_ERROR"]
    assert {error.subgraph for error in composition.errors} == {"b"}
