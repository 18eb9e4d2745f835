"""Rules on what arguments are made of: an input object, an enum or a scalar with a rule of its own.

A rule guards the use of its type: of an argument that is given, of an input field that is given.
What a client leaves to a default in the schema it does not use.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    parse,
    type_from_ast,
)

from gateway.operation.model import Field
from gateway.supergraph.model import Supergraph

#: By variable, the types with rules that its value makes use of.
Carried = frozenset[tuple[str, str]]


class Inputs:
    """The types with rules that arguments can be made of."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._schema = supergraph.schema
        self._leading = _leading_to_rules(supergraph)
        self._rules = supergraph.rules

    def carried(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Carried:
        """What the values of the variables make use of."""
        if not self._leading:
            return frozenset()
        return frozenset(
            (name, used)
            for definition in operation.variable_definitions or ()
            if (name := definition.variable.name.value) in variables
            and (type := type_from_ast(self._schema, definition.type)) is not None
            for used in self._in_value(type, variables[name])  # type: ignore[arg-type]
        )

    def used(self, type: str, field: Field, carried: Carried) -> list[str]:
        """The types with rules that the field's arguments make use of, in their order."""
        declared = self._schema.type_map[type]
        if not self._leading or not field.arguments.text or field.name.startswith("__"):
            return []
        assert isinstance(declared, GraphQLObjectType | GraphQLInterfaceType)
        arguments = declared.fields[field.name].args
        if not any(get_named_type(each.type).name in self._leading for each in arguments.values()):
            return []
        found = [
            name
            for argument in node_of_text(field.name, field.arguments.text).arguments or ()
            for name in self._in_node(arguments[argument.name.value].type, argument.value, carried)
        ]
        return list(dict.fromkeys(found))

    def _in_node(self, type: GraphQLInputType, node: ValueNode, carried: Carried) -> Iterator[str]:
        """A single value stands for a list of it (GraphQL 3.11)."""
        named = get_named_type(type)
        if named.name not in self._leading or isinstance(node, NullValueNode):
            return
        if isinstance(node, VariableNode):
            yield from sorted(used for name, used in carried if name == node.name.value)
            return
        if isinstance(node, ListValueNode) and _is_list(type):
            for item in node.values:
                yield from self._in_node(_item_type(type), item, carried)
            return
        yield from self._own(named)
        if isinstance(node, ObjectValueNode) and isinstance(named, GraphQLInputObjectType):
            for field in node.fields:
                declared = named.fields[field.name.value].type
                yield from self._in_node(declared, field.value, carried)

    def _in_value(self, type: GraphQLInputType, value: Any) -> Iterator[str]:
        """The same of a coerced value. It has the defaults of input fields: they count as given."""
        named = get_named_type(type)
        if named.name not in self._leading or value is None:
            return
        if isinstance(value, list) and _is_list(type):
            for item in value:
                yield from self._in_value(_item_type(type), item)
            return
        yield from self._own(named)
        if isinstance(value, dict) and isinstance(named, GraphQLInputObjectType):
            for name, each in value.items():
                yield from self._in_value(named.fields[name].type, each)

    def _own(self, type: GraphQLNamedType) -> Iterator[str]:
        if type.name in self._rules:
            yield type.name


def node_of_text(field: str, arguments: str) -> FieldNode:
    """A field with its arguments, parsed."""
    [operation] = parse(f"{{{field}{arguments}}}", no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode)
    [node] = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    return node


def _leading_to_rules(supergraph: Supergraph) -> frozenset[str]:
    """The input types whose values may make use of a type with a rule."""
    schema: GraphQLSchema = supergraph.schema
    leading = {name for name in supergraph.rules if name in schema.type_map}
    holders = [
        each for each in schema.type_map.values() if isinstance(each, GraphQLInputObjectType)
    ]
    while found := [
        each.name for each in holders if each.name not in leading and _holds(each, leading)
    ]:
        leading.update(found)
    return frozenset(leading)


def _holds(type: GraphQLInputObjectType, names: Iterable[str]) -> bool:
    return any(get_named_type(field.type).name in names for field in type.fields.values())


def _is_list(type: GraphQLInputType) -> bool:
    return isinstance(type.of_type if isinstance(type, GraphQLNonNull) else type, GraphQLList)


def _item_type(type: GraphQLInputType) -> GraphQLInputType:
    inner = type.of_type if isinstance(type, GraphQLNonNull) else type
    assert isinstance(inner, GraphQLList)
    item: GraphQLInputType = inner.of_type
    return item
