"""Which guarded fields an operation may come to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.type import GraphQLCompositeType

from kit.subgraph.requirements import Coordinate, Requirement, Requirements

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Touched:
    """The guarded fields and what each asks; `asked` is all of it, each once.

    `acts` are the fields at the root of a mutation or subscription: they do something.
    """

    operation: OperationDefinitionNode
    fields: Mapping[Coordinate, tuple[Requirement, ...]]
    asked: tuple[Requirement, ...]
    acts: tuple[tuple[str, Coordinate], ...]


def touched_by(
    operation: OperationDefinitionNode,
    fragments: Fragments,
    schema: GraphQLSchema,
    requirements: Requirements,
) -> Touched:
    """What a valid operation touches, whatever its @skip and @include say."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    walk = _Walk(schema, fragments, requirements)
    walk.selections(operation.selection_set, root)
    acts = operation.operation is not OperationType.QUERY
    return Touched(
        operation,
        {coordinate: tuple(asked) for coordinate, asked in walk.fields.items()},
        tuple(dict.fromkeys(each for asked in walk.fields.values() for each in asked)),
        tuple(walk.roots(operation.selection_set, root)) if acts else (),
    )


class _Walk:
    def __init__(
        self, schema: GraphQLSchema, fragments: Fragments, requirements: Requirements
    ) -> None:
        self.fields: dict[Coordinate, dict[Requirement, None]] = {}
        self._schema = schema
        self._fragments = fragments
        self._requirements = requirements
        self._seen: set[str] = set()

    def selections(self, selected: SelectionSetNode, parent: GraphQLCompositeType) -> None:
        """Note every guarded field in it and below. A named fragment is walked once."""
        for node in selected.selections:
            match node:
                case FieldNode():
                    self._field(node, parent)
                case InlineFragmentNode():
                    self._fragment(node, parent)
                case FragmentSpreadNode() if node.name.value not in self._seen:
                    self._seen.add(node.name.value)
                    self._fragment(self._fragments[node.name.value], parent)
                case _:
                    pass

    def roots(
        self, selected: SelectionSetNode, root: GraphQLObjectType
    ) -> Iterator[tuple[str, Coordinate]]:
        """The response keys and fields of a root."""
        for node in selected.selections:
            match node:
                case FieldNode():
                    key = (node.alias or node.name).value
                    yield key, (root.name, node.name.value)
                case InlineFragmentNode():
                    yield from self.roots(node.selection_set, root)
                case FragmentSpreadNode():
                    fragment = self._fragments[node.name.value]
                    yield from self.roots(fragment.selection_set, root)
                case _:
                    pass

    def _field(self, node: FieldNode, parent: GraphQLCompositeType) -> None:
        name = node.name.value
        for possible in self._possible(parent):
            self._note((possible, name), node)
        declared = self._schema.get_field(parent, name)
        if node.selection_set is not None and declared is not None:
            below = get_named_type(declared.type)
            assert is_composite_type(below)
            self.selections(node.selection_set, below)

    def _note(self, coordinate: Coordinate, node: FieldNode) -> None:
        asked = list(self._requirements.fields.get(coordinate, ()))
        arguments = self._requirements.arguments.get(coordinate)
        if arguments is not None:
            for given in node.arguments or ():
                asked.extend(arguments[given.name.value])
        if asked:
            self.fields.setdefault(coordinate, {}).update(dict.fromkeys(asked))

    def _fragment(
        self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLCompositeType
    ) -> None:
        if node.type_condition is not None:
            condition = self._schema.get_type(node.type_condition.name.value)
            assert is_composite_type(condition)
            parent = condition
        self.selections(node.selection_set, parent)

    def _possible(self, type: GraphQLCompositeType) -> list[str]:
        if is_abstract_type(type):
            return [each.name for each in self._schema.get_possible_types(type)]
        return [type.name]
