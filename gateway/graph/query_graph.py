"""Which fields a place answers, and which places can be reached from which."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from graphql import (
    GraphQLObjectType,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    is_composite_type,
    is_non_null_type,
    parse,
)

from gateway.errors import InvalidSupergraph
from gateway.graph.model import Entry, Place
from gateway.operation.model import Field, Fragment, Operation, Selection
from gateway.operation.normalise import field_set
from gateway.operation.selections import of_type
from gateway.operation.types import possible_types
from gateway.supergraph.model import Kind, Subgraph, SubgraphField, SubgraphType, Supergraph

_MOST_KEPT: Final = 16_384


class QueryGraph:
    """Immutable; its tables fill as they are asked for."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self.targets = lru_cache(_MOST_KEPT)(self._find_targets)
        self.field_set = lru_cache(_MOST_KEPT)(self._field_set)
        self._foreign = lru_cache(_MOST_KEPT)(self._find_foreign)

    def type(self, place: Place) -> SubgraphType:
        """The place's type, as its subgraph has it."""
        return self.supergraph.subgraphs[place.subgraph].types[place.type]

    def field(self, place: Place, name: str) -> SubgraphField | None:
        """The field, as the place's subgraph has it."""
        return self.type(place).fields.get(name)

    def roots(self, kind: OperationType) -> tuple[Entry, ...]:
        """The subgraphs that answer root fields of this kind."""
        name = self.supergraph.roots[kind]
        return tuple(
            Entry(subgraph.name, name, ())
            for subgraph in self.supergraph.subgraphs.values()
            if name in subgraph.types
        )

    def vital(self, operation: Operation) -> frozenset[str]:
        """The response keys of root fields that clients cannot get as null."""
        root = self.supergraph.api_schema.type_map[operation.type]
        assert isinstance(root, GraphQLObjectType)
        return frozenset(
            field.key
            for field in operation.roots
            if field.name in root.fields and is_non_null_type(root.fields[field.name].type)
        )

    def is_answered(self, place: Place, name: str, labels: frozenset[str]) -> bool:
        """Whether the place answers this field by itself."""
        field = self.field(place, name)
        if field is None or field.requires is not None or field.contexts:
            return False
        if not is_active(field, labels):
            return False
        return not field.external or _is_provided(place.provided, place.type, name)

    def is_answered_by_all(self, place: Place, name: str, labels: frozenset[str]) -> bool:
        """For an abstract type: whether every type that a value may have here answers it."""
        field = self.field(place, name)
        if field is None:
            return False
        return all(
            self.is_answered(self.case(place, type), name, labels)
            for type in self.type(place).possible
        )

    def below(self, place: Place, name: str) -> Place:
        """Where a field of the place leads."""
        field = self.field(place, name)
        assert field is not None  # it was chosen because the place has it
        provided = tuple(_provided_below(place.provided, place.type, name))
        if field.provides is not None:
            provided += self.field_set(field.type, field.provides)
        foreign = self._foreign(place.subgraph, place.type, name)
        return Place(place.subgraph, field.type, provided, foreign)

    def case(self, place: Place, type: str) -> Place:
        """The same value, known to be of this object type."""
        return Place(place.subgraph, type, place.provided)

    @property
    def has_contexts(self) -> bool:
        """Whether any argument comes from an object further up (@fromContext)."""
        return bool(self.supergraph.contexts)

    def sets_context(self, type: str, context: str) -> bool:
        """Whether objects of this type set the context, by themselves or as what they stand for."""
        setting = self.supergraph.contexts.get(context, frozenset())
        return any(type in possible_types(name, self.supergraph.schema) for name in setting)

    def context_selections(
        self, place: Place, fields: str, types: frozenset[str]
    ) -> tuple[Selection, ...]:
        """What a context takes of a value here that may be of any of these object types."""
        if not self.is_abstract(place):
            return self.field_set(place.type, fields)
        selections = {type: self.field_set(type, fields) for type in sorted(types)}
        return tuple(Fragment(type, tuple(of_type(s, type))) for type, s in selections.items())

    def is_narrower(self, place: Place, type: str) -> bool:
        """Whether a value of an abstract type is of an object type here."""
        here = self.type(place)
        return here.kind is Kind.OBJECT and not here.interface_object and not self.is_object(type)

    def is_visible(self, type: str) -> bool:
        """Whether clients know the type."""
        return type in self.supergraph.api_schema.type_map

    def is_object(self, type: str) -> bool:
        """Whether the type is an object type in the supergraph."""
        return isinstance(self.supergraph.schema.type_map[type], GraphQLObjectType)

    def is_composite(self, type: str) -> bool:
        """Whether values of the type have fields."""
        return is_composite_type(self.supergraph.schema.type_map[type])

    def is_abstract(self, place: Place) -> bool:
        """Whether a value here may have several types, as far as the subgraph knows."""
        type = self.type(place)
        return type.kind in (Kind.INTERFACE, Kind.UNION) and not type.interface_object

    def _find_foreign(self, subgraph: str, type: str, name: str) -> frozenset[str]:
        """The types that one subgraph alone could give a field which several answer."""
        own = self._possible(self.supergraph.subgraphs[subgraph], type, name)
        shared = (self._possible(each, type, name) for each in self.supergraph.subgraphs.values())
        return frozenset().union(*(own - types for types in shared if types))

    def _possible(self, subgraph: Subgraph, type: str, name: str) -> frozenset[str]:
        """The types of a field's value, if the subgraph answers it and knows them."""
        declared = subgraph.types.get(type)
        field = declared.fields.get(name) if declared is not None else None
        below = subgraph.types.get(field.type) if field is not None else None
        if field is None or field.external or below is None or below.interface_object:
            return frozenset()
        return below.possible

    def _find_targets(self, type: str) -> Mapping[Place, Sequence[Entry]]:
        """The places in which one can go on with a value of this type, and the entries of each.

        By a key of the type or of an interface object it has; by none for the Query type.
        """
        targets: dict[Place, list[Entry]] = {}
        for entry in self._find_entries(type):
            targets.setdefault(Place(entry.subgraph, entry.type), []).append(entry)
        return targets

    def _find_entries(self, name: str) -> Iterator[Entry]:
        if name == self.supergraph.roots[OperationType.QUERY]:
            # There is one Query object: whoever holds it can go on in any subgraph.
            yield from self.roots(OperationType.QUERY)
        declared = self.supergraph.schema.type_map[name]
        interfaces = [interface.name for interface in getattr(declared, "interfaces", ())]
        for subgraph in self.supergraph.subgraphs.values():
            for candidate in (name, *interfaces):
                type = subgraph.types.get(candidate)
                if type is None or not (candidate == name or type.interface_object):
                    continue
                typename = candidate if type.kind is Kind.INTERFACE else None
                for key in type.keys:
                    if key.resolvable:
                        selections = self.field_set(candidate, key.fields)
                        yield Entry(subgraph.name, candidate, selections, typename)

    def _field_set(self, type: str, fields: str) -> tuple[Selection, ...]:
        """The selections that a @key, @requires or @provides names."""
        try:
            document = parse(f"{{{fields}}}", no_location=True)
        except GraphQLSyntaxError as error:
            raise InvalidSupergraph(f"`{fields}` is no field set of {type}: {error}") from error
        [definition] = document.definitions
        assert isinstance(definition, OperationDefinitionNode)
        selection_set: SelectionSetNode = definition.selection_set
        return field_set(self.supergraph.schema, type, selection_set)


def is_active(field: SubgraphField, labels: frozenset[str]) -> bool:
    """Whether a progressive @override leaves the field here."""
    return field.label is None or (field.label.name in labels) is field.label.active


def _is_provided(provided: tuple[Selection, ...], type: str, name: str) -> bool:
    return any(field.name == name for field in _provided_fields(provided, type))


def _provided_below(provided: tuple[Selection, ...], type: str, name: str) -> Iterator[Selection]:
    for field in _provided_fields(provided, type):
        if field.name == name:
            yield from field.selections


def _provided_fields(provided: tuple[Selection, ...], type: str) -> Iterator[Field]:
    for selection in provided:
        if isinstance(selection, Field):
            yield selection
        elif isinstance(selection, Fragment) and selection.type == type:
            yield from selection.selections
