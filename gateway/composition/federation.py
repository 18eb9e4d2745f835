"""All members together: who declares what, and who takes what over."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gateway.composition.member import Member, Place
from gateway.composition.schema.model import (
    Definition,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    UnionType,
)
from gateway.composition.schema.type_ref import named_type


@dataclass(frozen=True, slots=True)
class Override:
    """A field that `by` resolves from now on instead of `of`; with a label, for some requests.

    `is_used`: the field must stay in `of`, which needs it for something else.
    """

    by: Member
    of: Member
    label: str | None
    is_used: bool


@dataclass(frozen=True, slots=True)
class FieldSource:
    """A field as one member has it."""

    member: Member
    type: str
    field: Field
    is_external: bool
    overriding: Override | None
    overridden: Override | None

    @property
    def overrides_from(self) -> str | None:
        """The subgraph that the field is said to be taken over from, though it may not have it."""
        applied = next(self.field.applied("override"), None)
        return applied.text("from") if applied is not None else None

    @property
    def is_gone(self) -> bool:
        """Whether another member resolves it for every request, and nothing needs it here."""
        override = self.overridden
        return override is not None and override.label is None and not override.is_used


@dataclass(frozen=True)
class Federation:
    """The members, in the order in which they were given."""

    members: tuple[Member, ...]

    @cached_property
    def type_names(self) -> tuple[str, ...]:
        """Every type of every member, once."""
        names = (name for member in self.members for name in member.schema.types)
        return tuple(dict.fromkeys(names))

    def sources(self, type_name: str) -> list[tuple[Member, Definition]]:
        """The members that have the type, each with what it has."""
        return [
            (member, definition)
            for member in self.members
            if (definition := member.schema.types.get(type_name)) is not None
        ]

    def composites(self, type_name: str) -> list[tuple[Member, ObjectType | InterfaceType]]:
        """The members in which the type has output fields."""
        return [
            (member, definition)
            for member, definition in self.sources(type_name)
            if isinstance(definition, ObjectType | InterfaceType)
        ]

    def field_names(self, type_name: str) -> tuple[str, ...]:
        """Every output field of the type, once."""
        sources = self.composites(type_name)
        return tuple(dict.fromkeys(name for _, type in sources for name in type.fields))

    def field_sources(self, type_name: str, field: str) -> list[FieldSource]:
        """The members that have the field, each with what it has."""
        overrides = self.overrides.get((type_name, field), ())
        return [
            FieldSource(
                member,
                type_name,
                type.fields[field],
                member.is_external(type_name, field),
                next((one for one in overrides if one.by is member), None),
                next((one for one in overrides if one.of is member), None),
            )
            for member, type in self.composites(type_name)
            if field in type.fields
        ]

    def is_interface(self, type_name: str) -> bool:
        """Whether the type is an interface for clients, though an object in some members."""
        return any(
            isinstance(definition, InterfaceType) or member.is_interface_object(type_name)
            for member, definition in self.sources(type_name)
        )

    def implementers(self, interface: str) -> tuple[str, ...]:
        """The object types that implement the interface in any member."""
        return tuple(name for name in self.type_names if (name, interface) in self._implementations)

    def of_interface_objects(self, type_name: str, field: str) -> list[Member]:
        """The members that resolve the field for all implementers of an interface of the type."""
        return [
            member
            for interface in self._interfaces_of(type_name)
            for member, definition in self.composites(interface)
            if member.is_interface_object(interface)
            and field in definition.fields
            and not member.is_external(interface, field)
        ]

    def is_subtype(self, name: str, of: str) -> bool:
        """Whether some member counts the first type among the second's."""
        return (name, of) in self._subtypes

    @cached_property
    def overrides(self) -> Mapping[Place, list[Override]]:
        """The fields that one member takes over from another that has them."""
        overrides: dict[Place, list[Override]] = defaultdict(list)
        for place, override in self._each_override():
            overrides[place].append(override)
        return overrides

    @cached_property
    def sent_types(self) -> frozenset[str]:
        """The types of arguments and of input fields, as far as every member takes them."""
        return frozenset(
            named_type(value.type) for values in self._sent_values() for value in _common(values)
        )

    @cached_property
    def answered_types(self) -> frozenset[str]:
        """The types of output fields."""
        return frozenset(
            named_type(field.type)
            for member in self.members
            for type in member.schema.composites()
            for field in type.fields.values()
        )

    @cached_property
    def _subtypes(self) -> frozenset[tuple[str, str]]:
        in_unions = {
            (member_type, definition.name)
            for member in self.members
            for definition in member.schema.types.values()
            if isinstance(definition, UnionType)
            for member_type in definition.members
        }
        implementing = {
            (type.name, interface)
            for member in self.members
            for type in member.schema.composites()
            for interface in type.interfaces
        }
        return frozenset(in_unions | implementing)

    @cached_property
    def _implementations(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, of)
            for name, of in self._subtypes
            if not self.is_interface(name) and self.is_interface(of)
        )

    def _sent_values(self) -> Iterator[list[Mapping[str, InputValue]]]:
        """Of each input, field and directive that clients use: what each member has of it."""
        for type_name in self.type_names:
            definitions = [definition for _, definition in self.sources(type_name)]
            yield [one.fields for one in definitions if isinstance(one, InputType)]
            for name in self.field_names(type_name):
                sources = self.field_sources(type_name, name)
                resolved = [source for source in sources if not source.is_external]
                yield [source.field.arguments for source in resolved or sources]
        executable = [member.executable_directives for member in self.members]
        for name in frozenset.intersection(*executable):
            yield [member.schema.directives[name].arguments for member in self.members]

    def _interfaces_of(self, type_name: str) -> list[str]:
        return [of for name, of in sorted(self._implementations) if name == type_name]

    def _each_override(self) -> Iterator[tuple[Place, Override]]:
        by_name = {member.name: member for member in self.members}
        for member in self.members:
            for type in member.schema.composites():
                for field in type.fields.values():
                    for applied in field.applied("override"):
                        source = by_name.get(applied.text("from") or "")
                        place = (type.name, field.name)
                        if source is not None and _has(source, place):
                            label = applied.text("label")
                            yield place, Override(member, source, label, place in source.used)


def _common(values: list[Mapping[str, InputValue]]) -> Iterator[InputValue]:
    """Those that the supergraph keeps: an input's hidden field stays wherever it is."""
    for name in dict.fromkeys(name for each in values for name in each):
        having = [each[name] for each in values if name in each]
        if len(having) == len(values) or any(value.has("inaccessible") for value in having):
            yield from having


def _has(member: Member, place: Place) -> bool:
    composite = member.schema.composite(place[0])
    return composite is not None and place[1] in composite.fields
