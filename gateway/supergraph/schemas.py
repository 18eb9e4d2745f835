"""The two schemas of a supergraph: all of it, and what clients see."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveLocation,
    DocumentNode,
    GraphQLDeferDirective,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    build_ast_schema,
)

from gateway.errors import InvalidSupergraph
from gateway.supergraph.links import Links

#: The directives that GraphQL itself defines for schemas: they stay.
_STANDARD: Final = frozenset({"deprecated", "specifiedBy", "oneOf"})
_EXECUTABLE: Final = frozenset(
    {
        DirectiveLocation.QUERY,
        DirectiveLocation.MUTATION,
        DirectiveLocation.SUBSCRIPTION,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_DEFINITION,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
        DirectiveLocation.VARIABLE_DEFINITION,
    }
)
_MEMBERS: Final = ("fields", "values", "arguments", "directives")

N = TypeVar("N", bound=Node)


def full_schema(document: DocumentNode, links: Links) -> GraphQLSchema:
    """Everything that any subgraph has."""
    return _build(_Cleaner(links, hidden=None).definitions(document))


def api_schema(document: DocumentNode, links: Links) -> GraphQLSchema:
    """What clients may ask: without @inaccessible elements, and with @defer."""
    hidden = links.directive("inaccessible")
    schema = _build(_Cleaner(links, hidden=hidden).definitions(document))
    if schema.get_directive(GraphQLDeferDirective.name) is None:
        schema.directives = (*schema.directives, GraphQLDeferDirective)
    return schema


def _build(definitions: Iterable[DefinitionNode]) -> GraphQLSchema:
    try:
        return build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True)
    except (TypeError, ValueError) as error:
        raise InvalidSupergraph(f"The supergraph is not a schema: {error}") from error


class _Cleaner:
    """Drops the machinery of specifications, and what is hidden."""

    def __init__(self, links: Links, hidden: str | None) -> None:
        self._links = links
        self._hidden = hidden

    def definitions(self, document: DocumentNode) -> Iterable[DefinitionNode]:
        hidden = {
            definition.name.value
            for definition in document.definitions
            if isinstance(definition, TypeDefinitionNode) and self._is_hidden(definition)
        }
        for definition in document.definitions:
            match definition:
                case SchemaDefinitionNode():
                    roots = tuple(
                        each
                        for each in definition.operation_types
                        if each.type.name.value not in hidden
                    )
                    yield self._with(definition, directives=(), operation_types=roots)
                case DirectiveDefinitionNode() if self._is_executable(definition):
                    yield self._clean(definition)
                case TypeDefinitionNode(name=name) if not (
                    name.value in hidden or self._links.is_machinery(name.value)
                ):
                    yield self._without(self._clean(definition), hidden)

    def _clean(self, node: N) -> N:
        """The node without hidden members and without directives of ours."""
        changes: dict[str, Any] = {}
        for attribute in _MEMBERS:
            members = getattr(node, attribute, None)
            if members and attribute == "directives":
                changes[attribute] = tuple(d for d in members if d.name.value in _STANDARD)
            elif members:
                changes[attribute] = tuple(
                    self._clean(member) for member in members if not self._is_hidden(member)
                )
        return self._with(node, **changes)

    def _without(self, node: N, hidden: set[str]) -> N:
        """The node that no longer names the hidden types as its interfaces or members."""
        changes = {
            attribute: tuple(entry for entry in entries if entry.name.value not in hidden)
            for attribute in ("interfaces", "types")
            if (entries := getattr(node, attribute, None))
        }
        return self._with(node, **changes)

    def _with(self, node: N, **changes: Any) -> N:
        return replace(node, **changes) if changes else node

    def _is_hidden(self, node: Any) -> bool:
        return any(d.name.value == self._hidden for d in node.directives or ())

    def _is_executable(self, node: DirectiveDefinitionNode) -> bool:
        if self._links.is_machinery(node.name.value):
            return False
        return any(DirectiveLocation[location.value] in _EXECUTABLE for location in node.locations)
