"""Whether a document's types make a schema (GraphQL spec, 3)."""

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_ast_schema,
    validate_schema,
)


def schema_of(document: DocumentNode) -> GraphQLSchema:
    """The schema of a document of definitions, to validate."""
    schema = build_ast_schema(document, assume_valid_sdl=True)
    for type in schema.type_map.values():
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            for field in type.fields.values():
                # Servers before the edition of September 2025 let an implementation be
                # deprecated where its interface is not.
                field.deprecation_reason = None
    return schema


def schema_errors(document: DocumentNode) -> list[GraphQLError]:
    """Everything that is wrong with the types together."""
    return validate_schema(schema_of(document))
