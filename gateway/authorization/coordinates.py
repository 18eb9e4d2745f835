"""What an operation touches."""

from collections.abc import Iterable, Iterator

from graphql import GraphQLSchema, is_abstract_type

from gateway.operation.model import Field, Operation, Selection


def coordinates(operation: Operation, schema: GraphQLSchema) -> frozenset[tuple[str, str]]:
    """The fields, by object type, that the operation may come to read."""
    return frozenset(_coordinates(operation.selections, schema))


def possible_types(type: str, schema: GraphQLSchema) -> list[str]:
    """The object types that a value of the type may have."""
    declared = schema.type_map[type]
    if is_abstract_type(declared):
        return [possible.name for possible in schema.get_possible_types(declared)]
    return [type]


def _coordinates(
    selections: Iterable[Selection], schema: GraphQLSchema
) -> Iterator[tuple[str, str]]:
    for selection in selections:
        if isinstance(selection, Field):
            for type in possible_types(selection.parent, schema):
                yield type, selection.name
        yield from _coordinates(selection.selections, schema)
