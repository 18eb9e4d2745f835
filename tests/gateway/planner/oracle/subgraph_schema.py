"""A subgraph's schema as the subgraph itself has it: what its requests must be valid in."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from graphql import (
    REMOVE,
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    build_ast_schema,
    parse,
    visit,
)
from graphql.language import Visitor

_MACHINERY: Final = """
scalar _Any
union _Entity = {entities}
{query} {{ _entities(representations: [_Any!]!): [_Entity]! }}
"""


def subgraph_schema(sdl: str) -> GraphQLSchema:
    """The executable schema, with `_entities` and without the directives of composition."""
    document = parse(sdl, no_location=True)
    definitions = tuple(_defined(visit(document, _WithoutDirectives()).definitions))
    machinery = _machinery(definitions, sorted(set(_entities(document))))
    whole = DocumentNode(definitions=(*definitions, *machinery))
    return build_ast_schema(whole, assume_valid_sdl=True)


def _defined(nodes: Iterable[DefinitionNode]) -> Iterator[DefinitionNode]:
    """Federation allows to extend what the subgraph does not define (`extend type`)."""
    known = {node.name.value for node in nodes if isinstance(node, TypeDefinitionNode)}
    for node in nodes:
        match node:
            case ObjectTypeExtensionNode() | InterfaceTypeExtensionNode():
                is_new = node.name.value not in known
                known.add(node.name.value)
                yield _definition(node) if is_new else node
            case SchemaDefinitionNode(operation_types=()) | SchemaExtensionNode(operation_types=()):
                continue
            case DirectiveDefinitionNode():
                continue
            case _:
                yield node


def _definition(
    node: ObjectTypeExtensionNode | InterfaceTypeExtensionNode,
) -> ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode:
    is_object = isinstance(node, ObjectTypeExtensionNode)
    kind = ObjectTypeDefinitionNode if is_object else InterfaceTypeDefinitionNode
    return kind(name=node.name, interfaces=node.interfaces, fields=node.fields)


def _entities(document: DocumentNode) -> Iterator[str]:
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and any(
            directive.name.value == "key" for directive in node.directives or ()
        ):
            yield node.name.value


def _machinery(
    definitions: Iterable[DefinitionNode], entities: list[str]
) -> tuple[DefinitionNode, ...]:
    names = {node.name.value for node in definitions if isinstance(node, TypeDefinitionNode)}
    if not entities or "_Entity" in names:  # some services print their machinery
        return ()
    query = _query_name(definitions)
    text = _MACHINERY.format(
        entities=" | ".join(entities),
        query=f"extend type {query}" if query in names else f"type {query}",
    )
    return parse(text, no_location=True).definitions


def _query_name(definitions: Iterable[DefinitionNode]) -> str:
    for node in definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            for each in node.operation_types or ():
                if each.operation is OperationType.QUERY:
                    return each.type.name.value
    return OperationType.QUERY.value.capitalize()


class _WithoutDirectives(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        return None if node.name.value == "deprecated" else REMOVE
