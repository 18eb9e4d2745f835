"""What an operation touches."""

from collections.abc import Iterable, Iterator

from graphql import GraphQLSchema

from gateway.operation.model import Field, Operation, Selection
from gateway.operation.types import possible_types


def coordinates(operation: Operation, schema: GraphQLSchema) -> frozenset[tuple[str, str]]:
    """The fields, by object type, that the operation may come to read."""
    return frozenset(coordinates_of(operation.selections, schema))


def coordinates_of(
    selections: Iterable[Selection], schema: GraphQLSchema
) -> Iterator[tuple[str, str]]:
    """The same of selections, some more than once."""
    for selection in selections:
        if isinstance(selection, Field):
            for type in possible_types(selection.parent, schema):
                yield type, selection.name
        yield from coordinates_of(selection.selections, schema)
