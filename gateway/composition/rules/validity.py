"""Subgraphs that are each valid GraphQL may merge to what is not (GraphQL spec, 3)."""

from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError, Node, TypeDefinitionNode, parse

from gateway.composition.errors import Code, CompositionError
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.printer import print_schema
from gateway.composition.schema.validity import schema_errors


def check_validity(merged: Merged) -> Iterator[CompositionError]:
    """INVALID_GRAPHQL. Only for what no other rule has refused: this one says less of the cause."""
    document = parse(print_schema(merged.schema))
    for error in schema_errors(document):
        message = f"Merged, the subgraphs are not valid: {error.message}"
        yield merged.error(Code.INVALID_GRAPHQL, message, _coordinate(document, error))


def _coordinate(document: DocumentNode, error: GraphQLError) -> str:
    """Of the type or field within which the error is."""
    node = next(iter(error.nodes or ()), None)
    for type in document.definitions:
        if node is not None and isinstance(type, TypeDefinitionNode) and _is_within(node, type):
            fields = getattr(type, "fields", None) or ()
            within = (field.name.value for field in fields if _is_within(node, field))
            return ".".join([type.name.value, *within])
    return "Query"


def _is_within(node: Node, other: Node) -> bool:
    if node.loc is None or other.loc is None:
        return False
    return other.loc.start <= node.loc.start and node.loc.end <= other.loc.end
