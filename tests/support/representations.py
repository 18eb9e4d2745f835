"""Whether a representation is one that a subgraph with this schema could have been sent."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
)


def check_representation(schema: GraphQLSchema, representation: Mapping[str, Any]) -> None:
    """Every value has the type that its field has here. Fails the test when one has not."""
    type = schema.type_map.get(representation["__typename"])
    assert isinstance(type, GraphQLObjectType | GraphQLInterfaceType), representation
    _check_object(schema, type, representation)


def _check_object(
    schema: GraphQLSchema,
    type: GraphQLObjectType | GraphQLInterfaceType,
    value: Mapping[str, Any],
) -> None:
    for name, each in value.items():
        if name == "__typename":
            continue
        assert name in type.fields, f"{type} has no {name}: {value}"
        _check(schema, type.fields[name].type, each, f"{type}.{name}")


def _check(schema: GraphQLSchema, type: GraphQLOutputType, value: Any, place: str) -> None:
    match type:
        case GraphQLNonNull():
            assert value is not None, f"{place} cannot be null"
            _check(schema, type.of_type, value, place)
        case _ if value is None:
            return
        case GraphQLList():
            assert isinstance(value, list), f"{place} is a list and not {value}"
            for each in value:
                _check(schema, type.of_type, each, place)
        case GraphQLScalarType() | GraphQLEnumType():
            _check_leaf(type, value, place)
        case _:
            assert isinstance(value, dict), f"{place} is an object and not {value}"
            runtime = schema.type_map.get(value.get("__typename", ""), type)
            assert isinstance(runtime, GraphQLObjectType | GraphQLInterfaceType), place
            _check_object(schema, runtime, value)


def _check_leaf(type: GraphQLScalarType | GraphQLEnumType, value: Any, place: str) -> None:
    try:
        type.coerce_input_value(value)
    except GraphQLError as error:
        raise AssertionError(f"{place} cannot be {value!r}") from error
