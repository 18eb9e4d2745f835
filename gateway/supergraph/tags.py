"""What the supergraph's elements are tagged with (https://specs.apollo.dev/tag/v0.3)."""

from collections.abc import Iterator
from typing import Any

from graphql import DocumentNode, TypeDefinitionNode

from gateway.supergraph.links import Links, arguments_of


def read_tags(document: DocumentNode, links: Links) -> dict[str, frozenset[str]]:
    """The tags by coordinate: of types, fields, arguments and values that have any."""
    directive = links.directive("tag")
    found = {}
    for coordinate, node in _elements(document):
        applied = (d for d in node.directives or () if d.name.value == directive)
        tags = frozenset(str(arguments_of(each).get("name")) for each in applied)
        if tags:
            found[coordinate] = tags
    return found


def _elements(document: DocumentNode) -> Iterator[tuple[str, Any]]:
    for definition in document.definitions:
        if not isinstance(definition, TypeDefinitionNode):
            continue
        name = definition.name.value
        yield name, definition
        for member in members_of(definition):
            yield f"{name}.{member.name.value}", member
            for argument in getattr(member, "arguments", None) or ():
                yield f"{name}.{member.name.value}({argument.name.value}:)", argument


def members_of(definition: TypeDefinitionNode) -> tuple[Any, ...]:
    """The fields of a type, or the values of an enum."""
    return (
        *(getattr(definition, "fields", None) or ()),
        *(getattr(definition, "values", None) or ()),
    )
