"""Documents and field sets to the operation model: conditions decided, fragments resolved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from graphql import (
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
    is_list_type,
    is_non_null_type,
    print_ast,
    visit,
)
from graphql.language import DocumentNode, Visitor

from gateway.errors import PlanTooComplex
from gateway.operation.conditions import is_included
from gateway.operation.deferral import Parts, ResponsePath
from gateway.operation.model import Arguments, Field, Fragment, Operation, Selection, Variable
from gateway.operation.types import possible_types

TYPENAME: Final = "__typename"

#: Directives that are decided here.
_OWN: Final = frozenset({"skip", "include", "defer", "stream"})

#: Fields of an operation after its fragments are unfolded for every type they can meet.
MOST_FIELDS: Final = 2_500


def normalise(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    schema: GraphQLSchema,
    truths: Mapping[str, bool],
    *,
    deferring: bool = False,
    most_fields: int = MOST_FIELDS,
) -> Operation:
    """A valid operation as the planner reads it.

    `truths` are the values of the variables that decide @skip, @include and @defer. Without
    `deferring` everything is part of the first answer. Raises `PlanTooComplex` when fragments
    on interfaces unfold into more than `most_fields` fields.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None  # the operation is valid
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    parts = Parts(truths) if deferring else None
    reader = _Reader(schema, fragments, truths, parts, most_fields)
    return Operation(
        kind=operation.operation,
        name=operation.name.value if operation.name else None,
        type=root.name,
        variables=tuple(
            Variable(definition.variable.name.value, _declaration(definition))
            for definition in operation.variable_definitions or ()
        ),
        selections=reader.selections(root, [_Set(0, operation.selection_set)], ()),
        parts=parts.all() if parts is not None else (),
        directives=_directives(operation),
    )


def field_set(
    schema: GraphQLSchema, type: str, selection_set: SelectionSetNode
) -> tuple[Selection, ...]:
    """The selections of a @key, @requires or @provides on `type`."""
    reader = _Reader(schema, {}, {}, None, MOST_FIELDS)
    return reader.selections(schema.type_map[type], [_Set(0, selection_set)], ())


class _Set(NamedTuple):
    """A selection set, and the part that it belongs to."""

    part: int
    node: SelectionSetNode


class _Selected(NamedTuple):
    """A field, and the part that it belongs to."""

    part: int
    node: FieldNode


@dataclass(slots=True)
class _Group:
    """What stands next to each other in a selection set of an abstract type."""

    fields: dict[str, list[_Selected]] = field(default_factory=dict)
    fragments: dict[str, list[_Set]] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    truths: Mapping[str, bool]
    parts: Parts | None
    room: int

    def selections(
        self, type: GraphQLNamedType, sets: Sequence[_Set], path: ResponsePath
    ) -> tuple[Selection, ...]:
        if isinstance(type, GraphQLObjectType):
            return self._of_object(type, sets, path)
        return tuple(self._of_abstract(type, sets, path))

    def _of_object(
        self, type: GraphQLObjectType, sets: Sequence[_Set], path: ResponsePath
    ) -> tuple[Field, ...]:
        nodes: dict[str, list[_Selected]] = {}
        for selected in self._flat(type, sets, path):
            nodes.setdefault(_key(selected.node), []).append(selected)
        return tuple(
            each for key, same in nodes.items() for each in self._fields(type, key, same, path)
        )

    def _of_abstract(
        self, type: GraphQLNamedType, sets: Sequence[_Set], path: ResponsePath
    ) -> Iterator[Selection]:
        seen: dict[str, list[_Selected]] = {}
        groups = [_Group()]
        for each in sets:
            self._gather(type, each, path, groups, seen)
        for group in groups:
            for key, same in group.fields.items():
                yield from self._fields(type, key, same, path)
            for name, inner in group.fragments.items():
                object_type = self.schema.type_map[name]
                assert isinstance(object_type, GraphQLObjectType)
                fields = self._of_object(object_type, inner, path)
                if fields:
                    yield Fragment(name, fields)

    def _gather(
        self,
        type: GraphQLNamedType,
        selections: _Set,
        path: ResponsePath,
        groups: list[_Group],
        seen: dict[str, list[_Selected]],
    ) -> None:
        for node in self._included(selections.node.selections):
            if isinstance(node, FieldNode):
                self._gather_field(_Selected(selections.part, node), groups, seen)
                continue
            target, inner = self._opened(node, type, selections.part, path)
            if target is type:
                self._gather(type, inner, path, groups, seen)
                continue
            for name in self._common(target, type):
                groups[-1].fragments.setdefault(name, []).append(inner)

    def _gather_field(
        self, selected: _Selected, groups: list[_Group], seen: dict[str, list[_Selected]]
    ) -> None:
        """Fields after fragments open a new group: the client's order is kept."""
        key = _key(selected.node)
        is_same_place = key in groups[-1].fields and not groups[-1].fragments
        if key in seen and (is_same_place or selected.node.selection_set is None):
            seen[key].append(selected)
            return
        if groups[-1].fragments:
            groups.append(_Group())
        seen[key] = groups[-1].fields[key] = [selected]

    def _flat(
        self, type: GraphQLNamedType, sets: Sequence[_Set], path: ResponsePath
    ) -> Iterator[_Selected]:
        """The fields of an object's selection sets, through every fragment that can match it."""
        for part, selection_set in sets:
            for node in self._included(selection_set.selections):
                if isinstance(node, FieldNode):
                    yield _Selected(part, node)
                    continue
                target, inner = self._opened(node, type, part, path)
                if type.name in possible_types(target.name, self.schema):
                    yield from self._flat(type, [inner], path)

    def _fields(
        self, parent: GraphQLNamedType, key: str, same: list[_Selected], path: ResponsePath
    ) -> Iterator[Field]:
        """One field, or one for each of the parts of which none comes before the other."""
        if self.parts is None:
            yield self._field(parent, key, 0, same, path)
            return
        for part, brought in self.parts.grouped(same, lambda selected: selected.part):
            yield self._field(parent, key, part, brought, path)

    def _field(
        self,
        parent: GraphQLNamedType,
        key: str,
        part: int,
        same: Sequence[_Selected],
        path: ResponsePath,
    ) -> Field:
        self._make_room()
        first = same[0].node
        name = first.name.value
        if name.startswith("__"):
            return Field(parent.name, name, key, "String", 0, _arguments(first), part=part)
        type = self.schema.get_field(parent, name).type  # type: ignore[union-attr, arg-type]
        named = get_named_type(type)
        sets = [_Set(of, node.selection_set) for of, node in same if node.selection_set is not None]
        return Field(
            parent=parent.name,
            name=name,
            key=key,
            type=named.name,
            lists=_lists(type),
            arguments=_arguments(first),
            selections=self.selections(named, sets, (*path, key)) if sets else (),
            part=part,
        )

    def _make_room(self) -> None:
        self.room -= 1
        if self.room < 0:
            raise PlanTooComplex("This operation selects too many fields of too many types.")

    def _opened(
        self, node: SelectionNode, type: GraphQLNamedType, part: int, path: ResponsePath
    ) -> tuple[GraphQLNamedType, _Set]:
        """A fragment's type condition and selections."""
        if self.parts is not None:
            part = self.parts.of(node, part, path)
        if isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
            target = self.schema.type_map[fragment.type_condition.name.value]
            return target, _Set(part, fragment.selection_set)
        assert isinstance(node, InlineFragmentNode)
        inner = _Set(part, node.selection_set)
        if node.type_condition is None:
            return type, inner
        return self.schema.type_map[node.type_condition.name.value], inner

    def _included(self, nodes: Iterable[SelectionNode]) -> Iterator[SelectionNode]:
        return (node for node in nodes if is_included(node, self.truths))

    def _common(self, one: GraphQLNamedType, other: GraphQLNamedType) -> list[str]:
        theirs = set(possible_types(other.name, self.schema))
        return [name for name in possible_types(one.name, self.schema) if name in theirs]


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _arguments(node: FieldNode) -> Arguments:
    directives = _directives(node)
    if not node.arguments:
        return directives
    parts = sorted((a.name.value, print_ast(a.value)) for a in node.arguments)
    return Arguments(
        text="(" + ",".join(f"{name}:{value}" for name, value in parts) + ")",
        directives=directives.directives,
        variables=_variables(node.arguments) | directives.variables,
    )


def _directives(node: FieldNode | OperationDefinitionNode) -> Arguments:
    """The directives that the gateway does not know: they are for the subgraphs."""
    nodes = [each for each in node.directives or () if each.name.value not in _OWN]
    if not nodes:
        return Arguments()
    return Arguments(directives=" ".join(map(print_ast, nodes)), variables=_variables(nodes))


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
