"""All rules that stand before a field.

A field of an object type is guarded by its own rule, by those of the same field on its
interfaces, by that of its object type and by that of the type it returns.
"""

from collections.abc import Iterator

from graphql import GraphQLObjectType, get_named_type

from gateway.supergraph.model import Rule, Supergraph


def guards(
    supergraph: Supergraph,
) -> Iterator[tuple[tuple[str, str], list[tuple[str, Rule]]]]:
    """The rules before each guarded field, by object type and name, with what they stand on."""
    for type in supergraph.schema.type_map.values():
        if not isinstance(type, GraphQLObjectType) or type.name.startswith("__"):
            continue
        for name, field in type.fields.items():
            coordinates = [
                f"{type.name}.{name}",
                *(f"{interface.name}.{name}" for interface in type.interfaces),
                type.name,
                get_named_type(field.type).name,
            ]
            found = [
                (coordinate, supergraph.rules[coordinate])
                for coordinate in dict.fromkeys(coordinates)
                if coordinate in supergraph.rules
            ]
            if found:
                yield (type.name, name), found
