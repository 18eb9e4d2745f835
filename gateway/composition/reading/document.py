"""A subgraph's document without federation's machinery, and whether it is valid GraphQL."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    Source,
    TypeDefinitionNode,
    TypeExtensionNode,
    Undefined,
    ValuesOfCorrectTypeRule,
    parse,
    print_ast,
    validate,
    validate_schema,
    value_from_ast,
)
from graphql.language import ast
from graphql.validation.validate import validate_sdl

from gateway.composition.errors import Code, CompositionError, CompositionRefused
from gateway.composition.reading.links import Links
from gateway.composition.schema.validity import schema_of
from gateway.composition.specifications import ARGUMENT_TYPES, SPECIFICATIONS

_MACHINERY_FIELDS: Final = frozenset({"_entities", "_service"})

_DEFINITION_OF: Final = {
    ast.ScalarTypeExtensionNode: ast.ScalarTypeDefinitionNode,
    ast.ObjectTypeExtensionNode: ast.ObjectTypeDefinitionNode,
    ast.InterfaceTypeExtensionNode: ast.InterfaceTypeDefinitionNode,
    ast.UnionTypeExtensionNode: ast.UnionTypeDefinitionNode,
    ast.EnumTypeExtensionNode: ast.EnumTypeDefinitionNode,
    ast.InputObjectTypeExtensionNode: ast.InputObjectTypeDefinitionNode,
}


def parse_document(sdl: str, subgraph: str) -> DocumentNode:
    """Raises `CompositionRefused` for a text that is no document of definitions."""
    try:
        document = parse(Source(sdl, subgraph))
    except GraphQLSyntaxError as error:
        raise CompositionRefused([_invalid(error, subgraph)]) from error
    for node in document.definitions:
        if isinstance(node, ExecutableDefinitionNode):
            misplaced = GraphQLError("A schema has no operations and no fragments.", node)
            raise CompositionRefused([_invalid(misplaced, subgraph)])
    return document


def root_names(document: DocumentNode) -> dict[str, str]:
    """The document's root types by their usual names."""
    names = {
        operation.operation.value.capitalize(): operation.type.name.value
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for operation in node.operation_types or ()
    }
    if any(
        isinstance(node, SchemaDefinitionNode) and node.operation_types
        for node in document.definitions
    ):
        return names
    usual = ("Query", "Mutation", "Subscription")
    return {name: name for name in usual} | names


def without_machinery(document: DocumentNode, links: Links) -> DocumentNode:
    """The document without the types, directives and root fields that federation adds."""
    query = root_names(document).get("Query")
    return _document(
        kept for node in document.definitions if (kept := _kept(node, links, query)) is not None
    )


def require_valid(document: DocumentNode, links: Links, subgraph: str) -> None:
    """Raises `CompositionRefused` with everything that is not valid in this document."""
    complete = _document([*_promoted(document), *machinery_definitions(links)])
    errors = validate_sdl(complete) or _schema_errors(complete)
    if errors:
        raise CompositionRefused(_invalid(error, subgraph) for error in errors)


def _document(definitions: Iterator[DefinitionNode] | list[DefinitionNode]) -> DocumentNode:
    return DocumentNode(definitions=tuple(definitions))


def _kept(node: DefinitionNode, links: Links, query: str | None) -> DefinitionNode | None:
    match node:
        case DirectiveDefinitionNode():
            return None if links.is_machinery_directive(node.name.value) else node
        case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode() if node.name.value == query:
            return _without_machinery_fields(node)
        case TypeDefinitionNode() | TypeExtensionNode():
            return None if links.is_machinery_type(node.name.value) else node
        case _:
            return node


def _without_machinery_fields(
    node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode,
) -> DefinitionNode | None:
    fields = node.fields or ()
    kept = tuple(field for field in fields if field.name.value not in _MACHINERY_FIELDS)
    if fields and not kept:
        return None
    return type(node)(**_parts(node) | {"fields": kept})


def _parts(node: Node) -> dict[str, Any]:
    return {key: getattr(node, key) for key in node.keys}


def _promoted(document: DocumentNode) -> Iterator[DefinitionNode]:
    """What is only ever extended here is defined elsewhere; GraphQL wants it defined."""
    defined = {
        node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)
    }
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined:
            defined.add(node.name.value)
            yield _DEFINITION_OF[type(node)](**_parts(node))
        elif not isinstance(node, SchemaDefinitionNode) or node.operation_types:
            yield node


def machinery_definitions(links: Links) -> Iterator[DefinitionNode]:
    """What the document may use without defining it."""
    scalars = "".join(f"scalar {name} " for name in (*ARGUMENT_TYPES, "link__any"))
    of_federation = {
        name: directive.as_of(links.federation or directive.since)
        for name, directive in SPECIFICATIONS["federation"].directives.items()
    }
    known = of_federation | {
        name: directive.definition
        for title, specification in SPECIFICATIONS.items()
        for name, directive in specification.directives.items()
        if title != "federation" and name not in of_federation
    }
    directives = "".join(
        f"directive @{local}{known[name]} " for local, name in links.directives.items()
    )
    link = (
        f"directive @{links.link}(url: String, as: String, for: link__any, import: [link__any])"
        " repeatable on SCHEMA"
    )
    yield from parse(scalars + directives + link, no_location=True).definitions


def _schema_errors(document: DocumentNode) -> list[GraphQLError]:
    schema = schema_of(document)
    if schema.query_type is None:
        # A subgraph may have no root field of its own.
        root = parse("type _Query { _: Int } extend schema { query: _Query }", no_location=True)
        complete = _document([*document.definitions, *root.definitions])
        schema = schema_of(complete)
    return validate_schema(schema) or [
        *validate(schema, document, [ValuesOfCorrectTypeRule]),
        *_default_errors(schema),
    ]


def _default_errors(schema: GraphQLSchema) -> Iterator[GraphQLError]:
    """GraphQL's own rules do not look at the values of defaults."""
    for name, value in _input_values(schema):
        node = value.ast_node
        default = node.default_value if node is not None else None
        if default is not None and value_from_ast(default, value.type) is Undefined:
            text = print_ast(default)
            yield GraphQLError(f"{name} is of the type {value.type}, not {text}.", node)


def _input_values(
    schema: GraphQLSchema,
) -> Iterator[tuple[str, GraphQLArgument | GraphQLInputField]]:
    for type in schema.type_map.values():
        match type:
            case GraphQLInputObjectType():
                yield from type.fields.items()
            case GraphQLObjectType() | GraphQLInterfaceType():
                for field in type.fields.values():
                    yield from field.args.items()
            case _:
                pass


def _invalid(error: GraphQLError, subgraph: str) -> CompositionError:
    line = error.locations[0].line if error.locations else None
    return CompositionError(Code.INVALID_GRAPHQL, error.message, subgraph, line=line)
