"""What a schema says about a type by name."""

from graphql import GraphQLSchema, is_abstract_type


def possible_types(type: str, schema: GraphQLSchema) -> list[str]:
    """The object types that a value of the type may have: an object's own, for one."""
    declared = schema.type_map[type]
    if is_abstract_type(declared):
        return [possible.name for possible in schema.get_possible_types(declared)]
    return [type]
