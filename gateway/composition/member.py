"""A subgraph as composition works with it: its schema and what its directives amount to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import SelectionSetNode

from gateway.composition.contexts import context_references
from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import (
    InvalidFieldSet,
    field_set_text,
    parse_field_set,
    selected_fields,
)
from gateway.composition.reading.links import Links
from gateway.composition.schema.model import (
    EXECUTABLE_LOCATIONS,
    Applied,
    Element,
    Field,
    InterfaceType,
    ObjectType,
    Schema,
)
from gateway.composition.schema.type_ref import named_type

#: A field by its type's name and its own.
Place = tuple[str, str]


@dataclass(frozen=True)
class Member:
    """`identifier` is the subgraph's name among the supergraph's `join__Graph`s."""

    name: str
    url: str
    identifier: str
    links: Links
    schema: Schema

    @property
    def is_federation_one(self) -> bool:
        """Whether the document links no federation 2."""
        return self.links.federation is None

    def error(
        self, code: Code, message: str, coordinate: str | None, line: int | None
    ) -> CompositionError:
        """Something that is wrong in this subgraph."""
        return CompositionError(code, message, self.name, coordinate, line)

    def is_interface_object(self, type_name: str) -> bool:
        """Whether the type stands here for an interface of other subgraphs."""
        definition = self.schema.types.get(type_name)
        return definition is not None and definition.has("interfaceObject")

    def is_external(self, type_name: str, field: str) -> bool:
        """Whether another subgraph resolves the field, except where it is provided."""
        return (type_name, field) in self.external

    def is_shareable(self, type_name: str, field: str) -> bool:
        """Whether others may resolve the field too."""
        if self.is_federation_one:
            # Nobody can merge the events of two streams.
            return type_name != "Subscription"
        return (type_name, field) in self._shareable

    def is_extended(self, type: Element, key: Applied) -> bool:
        """Whether the key is given to a type that another subgraph is the origin of."""
        return key.on_extension or type.has("extends")

    @cached_property
    def external(self) -> frozenset[Place]:
        """The `@external` fields, but for the keys of extensions, which resolve after all."""
        marked = {
            (type.name, field.name)
            for type, field in self._fields()
            if field.has("external") and not self._is_of_interface_in_one(type)
        }
        return frozenset(marked - self._keys_of_extensions)

    @property
    def composed_directives(self) -> frozenset[str]:
        """The subgraph's own directives that `@composeDirective` brings into the supergraph."""
        return frozenset(
            (applied.text("name") or "").removeprefix("@")
            for applied in self.schema.applied
            if applied.name == "composeDirective"
        )

    @property
    def executable_directives(self) -> frozenset[str]:
        """The directives that clients of this subgraph may use."""
        return frozenset(
            name
            for name, definition in self.schema.directives.items()
            if not EXECUTABLE_LOCATIONS.isdisjoint(definition.locations)
        )

    @cached_property
    def provided(self) -> frozenset[Place]:
        """The fields that some `@provides` names."""
        return frozenset(
            place
            for type, field in self._fields()
            for selections in field_sets(field, "provides")
            for place in selected_fields(
                self.schema, named_type(field.type), selections, of_implementers=True
            )
        )

    @cached_property
    def contexts(self) -> Mapping[str, tuple[str, ...]]:
        """The types that set each context, by the context's name in this subgraph."""
        types: dict[str, tuple[str, ...]] = {}
        for type in self.schema.types.values():
            for name in {applied.text("name") or "": None for applied in type.applied("context")}:
                types[name] = (*types.get(name, ()), type.name)
        return types

    def context_selections(self, field: Field) -> Iterator[tuple[str, SelectionSetNode]]:
        """What the field's contextual arguments select of each type that sets their context; an
        invalid selection is left out.
        """
        for _, reference in context_references(field):
            try:
                selections = reference.selections()
            except InvalidFieldSet:
                continue
            for setter in self.contexts.get(reference.name, ()):
                yield setter, selections

    @cached_property
    def used(self) -> frozenset[Place]:
        """The fields that a key, a requirement, a provision, a context or an interface needs."""
        return frozenset(
            {
                *self._in_keys(),
                *self._required(),
                *self.provided,
                *self._in_contexts(),
                *self._implementing(),
            }
        )

    @cached_property
    def _shareable(self) -> frozenset[Place]:
        marked = {(t.name, f.name) for t, f in self._fields() if f.has("shareable")}
        return frozenset({*marked, *self._in_keys()})

    @cached_property
    def _keys_of_extensions(self) -> frozenset[Place]:
        return frozenset(
            place
            for type in self.schema.composites()
            for key in type.applied("key")
            if self.is_extended(type, key)
            for selections in selections_of(key)
            for place in selected_fields(self.schema, type.name, selections)
        )

    def _is_of_interface_in_one(self, type: ObjectType | InterfaceType) -> bool:
        return self.is_federation_one and isinstance(type, InterfaceType)

    def _fields(self) -> Iterator[tuple[ObjectType | InterfaceType, Field]]:
        for type in self.schema.composites():
            for field in type.fields.values():
                yield type, field

    def _in_keys(self) -> Iterator[Place]:
        for type in self.schema.composites():
            for key in type.applied("key"):
                for selections in selections_of(key):
                    yield from selected_fields(
                        self.schema, type.name, selections, of_implementers=True
                    )

    def _required(self) -> Iterator[Place]:
        for type, field in self._fields():
            for selections in field_sets(field, "requires"):
                yield from selected_fields(self.schema, type.name, selections, of_implementers=True)

    def _in_contexts(self) -> Iterator[Place]:
        for _, field in self._fields():
            for setter, selections in self.context_selections(field):
                yield from selected_fields(self.schema, setter, selections, of_implementers=True)

    def _implementing(self) -> Iterator[Place]:
        for type in self.schema.composites():
            for name in type.interfaces:
                interface = self.schema.composite(name)
                for field in interface.fields if interface else ():
                    yield type.name, field


def field_sets(field: Field, directive: str) -> Iterator[SelectionSetNode]:
    """What a field's `@requires` or `@provides` selects; an invalid one is left out."""
    for applied in field.applied(directive):
        yield from selections_of(applied)


def selections_of(applied: Applied) -> Iterator[SelectionSetNode]:
    """What a directive's `fields` select; nothing if they are invalid."""
    text = field_set_text(applied.arguments.get("fields"))
    if text is None:
        return
    try:
        yield parse_field_set(text)
    except InvalidFieldSet:
        return
