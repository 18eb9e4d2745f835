"""What every subgraph has of every type, looked up by place."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from graphql import OperationType

from gateway.composition.contexts import context_references
from gateway.composition.federation import Federation
from gateway.composition.field_set import field_set_text, parse_field_set
from gateway.composition.member import Member
from gateway.composition.merging.merged import Merged
from gateway.composition.satisfiability.place import ContextNeed, Entry, Label, Place, PlacedField
from gateway.composition.satisfiability.selection import (
    SelectedField,
    SelectedType,
    Selection,
    read_selections,
)
from gateway.composition.schema.model import Composite, Field, InterfaceType, ObjectType, UnionType
from gateway.composition.schema.type_ref import named_type

#: The root types under their usual names, which composition gives them.
ROOTS: Final[Mapping[str, OperationType]] = {
    "Query": OperationType.QUERY,
    "Mutation": OperationType.MUTATION,
    "Subscription": OperationType.SUBSCRIPTION,
}


class Atlas:
    """Immutable; its tables fill as they are asked for."""

    def __init__(self, merged: Merged) -> None:
        self.schema = merged.schema
        self.federation: Federation = merged.federation
        self.members: Mapping[str, Member] = {
            member.name: member for member in merged.federation.members
        }
        self.fields = cache(self._fields)
        self.entries = cache(self._entries)
        self.contexts = cache(self._contexts)
        self.visible_fields = cache(self._visible_fields)
        self.possible_types = cache(self.schema.possible_types)
        self.possible_here = cache(self._possible_here)
        self.labels = frozenset(
            override.label
            for overrides in self.federation.overrides.values()
            for override in overrides
            if override.label is not None
        )

    def field(self, place: Place, name: str) -> PlacedField | None:
        """The field, as the place's subgraph has it."""
        return self.fields(place.member, place.type).get(name)

    def is_abstract(self, type_name: str) -> bool:
        """Whether values of the type have other types, for clients."""
        return isinstance(self.schema.types.get(type_name), InterfaceType | UnionType)

    def is_composite(self, type_name: str) -> bool:
        """Whether values of the type have fields, or types that have."""
        return isinstance(self.schema.types.get(type_name), Composite | UnionType)

    def is_interface_object(self, place: Place) -> bool:
        """Whether the place's subgraph does not know what type the value has."""
        return self.members[place.member].is_interface_object(place.type)

    def may_be(self, place: Place, type_name: str) -> bool:
        """Whether a value that is known here can be of the object type."""
        return type_name in self.possible_here(place.member, place.type)

    def possible_in_order(self, type_name: str) -> list[str]:
        """The object types that values of the type have, in the order of the supergraph."""
        definition = self.schema.types.get(type_name)
        if isinstance(definition, UnionType):
            return list(definition.members)
        possible = self.possible_types(type_name)
        return [name for name in self.schema.types if name in possible]

    def type_of(self, type_name: str, field: str) -> str:
        """The named type to which the field leads, for clients."""
        composite = self.schema.composite(type_name)
        assert composite is not None, "only types with fields are asked"
        return named_type(composite.fields[field].type)

    def roots(self, type_name: str) -> frozenset[Place]:
        """Every place of a root type."""
        return frozenset(
            Place(member.name, type_name) for member, _ in self.federation.composites(type_name)
        )

    def provides(self, place: Place, name: str) -> bool:
        """Whether the place answers the field though it is `@external` there."""
        return any(field.name == name for field in self._provided(place, place.provided))

    def below(self, place: Place, name: str, field: PlacedField) -> Place:
        """Where the field of the place leads, with what is provided on the way there."""
        if not place.provided:
            return field.to
        inherited = (
            selection
            for provided in self._provided(place, place.provided)
            if provided.name == name
            for selection in provided.selections
        )
        provided = tuple(dict.fromkeys((*inherited, *field.to.provided)))
        return Place(place.member, field.to.type, provided)

    def _visible_fields(self, type_name: str) -> list[Field]:
        """The fields of a type that clients may ask for."""
        definition = self.schema.composite(type_name)
        fields = definition.fields.values() if definition is not None else ()
        return [field for field in fields if not field.has("inaccessible")]

    def _contexts(self, type_name: str) -> tuple[tuple[str, str], ...]:
        """The contexts that objects of the type set for all below, by subgraph and name."""
        return tuple(
            (member.name, name)
            for member in self.members.values()
            for name, setters in member.contexts.items()
            if any(type_name in self.possible_types(setter) for setter in setters)
        )

    def _provided(self, place: Place, selections: tuple[Selection, ...]) -> Iterator[SelectedField]:
        for selection in selections:
            match selection:
                case SelectedField():
                    yield selection
                case SelectedType(type, inner):
                    possible = self.possible_here(place.member, type)
                    if type == place.type or place.type in possible:
                        yield from self._provided(place, inner)

    def _possible_here(self, member: str, type_name: str) -> frozenset[str]:
        """The object types that a value has for one member; an interface object's are all."""
        if self.members[member].is_interface_object(type_name):
            return self.possible_types(type_name)
        return self.members[member].schema.possible_types(type_name)

    def _entries(self, type_name: str) -> tuple[Entry, ...]:
        """Every key of the type, and of the interface objects that stand for it."""
        return tuple(
            entry
            for member in self.members.values()
            for name in self._names(member, type_name)
            for entry in _keys(member, name)
        )

    def _names(self, member: Member, type_name: str) -> Iterator[str]:
        if type_name in member.schema.types:
            yield type_name
        composite = self.schema.composite(type_name)
        for interface in composite.interfaces if composite is not None else ():
            if member.is_interface_object(interface):
                yield interface

    def _fields(self, member: str, type_name: str) -> dict[str, PlacedField]:
        """None of an interface: each type that implements it answers in its own way."""
        composite = self.members[member].schema.composite(type_name)
        if not isinstance(composite, ObjectType):
            return {}
        return {
            name: self._placed(self.members[member], type_name, field)
            for name, field in composite.fields.items()
        }

    def _placed(self, member: Member, type_name: str, field: Field) -> PlacedField:
        overrides = self.federation.overrides.get((type_name, field.name), ())
        lost = [one for one in overrides if one.of is member]
        won = [one for one in overrides if one.by is member]
        labels = [
            Label(one.label, one.by is member) for one in (*lost, *won) if one.label is not None
        ]
        return PlacedField(
            to=Place(member.name, named_type(field.type), _selections(field, "provides")),
            is_external=member.is_external(type_name, field.name),
            overridden_by=next((one.by.name for one in lost if one.label is None), None),
            label=next(iter(labels), None),
            requires=_selections(field, "requires") if field.has("requires") else None,
            contexts=tuple(
                ContextNeed(reference.name, read_selections(reference.selections()))
                for _, reference in context_references(field)
            ),
        )


def _keys(member: Member, type_name: str) -> Iterator[Entry]:
    definition = member.schema.types[type_name]
    for key in definition.applied("key"):
        text = field_set_text(key.arguments.get("fields"))
        if text is not None:
            is_resolvable = key.arguments.get("resolvable") is not False
            yield Entry(member.name, type_name, text, _read(text), is_resolvable)


def _selections(field: Field, directive: str) -> tuple[Selection, ...]:
    texts = (field_set_text(one.arguments.get("fields")) for one in field.applied(directive))
    return tuple(selection for text in texts if text is not None for selection in _read(text))


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[Selection, ...]:
    """Most types have the same few keys."""
    return read_selections(parse_field_set(text))
