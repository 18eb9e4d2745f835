"""Documents and field sets to the operation model: conditions decided, fragments resolved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    print_ast,
    visit,
)
from graphql.language import DocumentNode, Visitor

from gateway.operation.conditions import condition
from gateway.operation.model import Arguments, Field, Fragment, Operation, Selection, Variable
from gateway.operation.types import possible_types

TYPENAME: Final = "__typename"


def normalise(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    schema: GraphQLSchema,
    truths: Mapping[str, bool],
) -> Operation:
    """A valid operation as the planner reads it.

    `truths` are the values of the variables that decide @skip and @include.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None  # the operation is valid
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    reader = _Reader(schema, fragments, truths)
    return Operation(
        kind=operation.operation,
        name=operation.name.value if operation.name else None,
        type=root.name,
        variables=tuple(
            Variable(definition.variable.name.value, _declaration(definition))
            for definition in operation.variable_definitions or ()
        ),
        selections=reader.selections(root, [operation.selection_set]),
    )


def field_set(
    schema: GraphQLSchema, type: str, selection_set: SelectionSetNode
) -> tuple[Selection, ...]:
    """The selections of a @key, @requires or @provides on `type`."""
    return _Reader(schema, {}, {}).selections(schema.type_map[type], [selection_set])


@dataclass(slots=True)
class _Group:
    """What stands next to each other in a selection set of an abstract type."""

    fields: dict[str, list[FieldNode]] = field(default_factory=dict)
    fragments: dict[str, list[SelectionSetNode]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reader:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    truths: Mapping[str, bool]

    def selections(
        self, type: GraphQLNamedType, sets: Sequence[SelectionSetNode]
    ) -> tuple[Selection, ...]:
        if isinstance(type, GraphQLObjectType):
            return self._of_object(type, sets)
        return tuple(self._of_abstract(type, sets))

    def _of_object(
        self, type: GraphQLObjectType, sets: Sequence[SelectionSetNode]
    ) -> tuple[Field, ...]:
        nodes: dict[str, list[FieldNode]] = {}
        for node in self._flat(type, sets):
            nodes.setdefault(_key(node), []).append(node)
        return tuple(self._field(type, key, same) for key, same in nodes.items())

    def _of_abstract(
        self, type: GraphQLNamedType, sets: Sequence[SelectionSetNode]
    ) -> Iterator[Selection]:
        seen: dict[str, list[FieldNode]] = {}
        groups = [_Group()]
        for selection_set in sets:
            self._gather(type, selection_set, groups, seen)
        for group in groups:
            for key, same in group.fields.items():
                yield self._field(type, key, same)
            for name, inner in group.fragments.items():
                object_type = self.schema.type_map[name]
                assert isinstance(object_type, GraphQLObjectType)
                fields = self._of_object(object_type, inner)
                if fields:
                    yield Fragment(name, fields)

    def _gather(
        self,
        type: GraphQLNamedType,
        selection_set: SelectionSetNode,
        groups: list[_Group],
        seen: dict[str, list[FieldNode]],
    ) -> None:
        for node in self._included(selection_set.selections):
            if isinstance(node, FieldNode):
                self._gather_field(node, groups, seen)
                continue
            target, inner = self._opened(node, type)
            if target is type:
                self._gather(type, inner, groups, seen)
                continue
            for name in self._common(target, type):
                groups[-1].fragments.setdefault(name, []).append(inner)

    def _gather_field(
        self, node: FieldNode, groups: list[_Group], seen: dict[str, list[FieldNode]]
    ) -> None:
        """Fields after fragments open a new group: the client's order is kept."""
        key = _key(node)
        if key in seen:
            seen[key].append(node)
            return
        if groups[-1].fragments:
            groups.append(_Group())
        seen[key] = groups[-1].fields[key] = [node]

    def _flat(
        self, type: GraphQLNamedType, sets: Sequence[SelectionSetNode]
    ) -> Iterator[FieldNode]:
        """The fields of an object's selection sets, through every fragment that can match it."""
        for selection_set in sets:
            for node in self._included(selection_set.selections):
                if isinstance(node, FieldNode):
                    yield node
                    continue
                target, inner = self._opened(node, type)
                if type.name in possible_types(target.name, self.schema):
                    yield from self._flat(type, [inner])

    def _field(self, parent: GraphQLNamedType, key: str, nodes: Sequence[FieldNode]) -> Field:
        first = nodes[0]
        name = first.name.value
        if name.startswith("__"):
            return Field(parent.name, name, key, "String", 0, _arguments(first))
        type = self.schema.get_field(parent, name).type  # type: ignore[union-attr, arg-type]
        named = get_named_type(type)
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        return Field(
            parent=parent.name,
            name=name,
            key=key,
            type=named.name,
            lists=_lists(type),
            arguments=_arguments(first),
            selections=self.selections(named, sets) if is_composite_type(named) else (),
        )

    def _opened(
        self, node: SelectionNode, type: GraphQLNamedType
    ) -> tuple[GraphQLNamedType, SelectionSetNode]:
        """A fragment's type condition and selections."""
        if isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
            return self.schema.type_map[fragment.type_condition.name.value], fragment.selection_set
        assert isinstance(node, InlineFragmentNode)
        if node.type_condition is None:
            return type, node.selection_set
        return self.schema.type_map[node.type_condition.name.value], node.selection_set

    def _included(self, nodes: Iterable[SelectionNode]) -> Iterator[SelectionNode]:
        return (node for node in nodes if all(map(self._holds, node.directives or ())))

    def _holds(self, directive: DirectiveNode) -> bool:
        value = condition(directive)
        if value is None:
            return True
        if isinstance(value, VariableNode):
            truth = self.truths[value.name.value]
        else:
            assert isinstance(value, BooleanValueNode)
            truth = value.value
        return truth is (directive.name.value == "include")

    def _common(self, one: GraphQLNamedType, other: GraphQLNamedType) -> list[str]:
        theirs = set(possible_types(other.name, self.schema))
        return [name for name in possible_types(one.name, self.schema) if name in theirs]


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _arguments(node: FieldNode) -> Arguments:
    if not node.arguments:
        return Arguments()
    parts = sorted((a.name.value, print_ast(a.value)) for a in node.arguments)
    return Arguments(
        text="(" + ",".join(f"{name}:{value}" for name, value in parts) + ")",
        variables=_variables(node.arguments),
    )


def _variables(nodes: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()

    class Variables(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            found.add(node.name.value)

    for node in nodes:
        visit(node, Variables())
    return frozenset(found)


def _declaration(node: VariableDefinitionNode) -> str:
    default = f"={print_ast(node.default_value)}" if node.default_value is not None else ""
    return f"${node.variable.name.value}:{print_ast(node.type)}{default}"


def _lists(type: GraphQLOutputType) -> int:
    depth = 0
    while is_list_type(type) or is_non_null_type(type):
        depth += is_list_type(type)
        type = type.of_type
    return depth
