"""Whether a `@key`, `@requires` or `@provides` selects what it may select."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionNode, SelectionSetNode

from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import (
    InvalidFieldSet,
    argument_faults,
    field_set_text,
    parse_field_set,
)
from gateway.composition.member import Member
from gateway.composition.schema.model import (
    Applied,
    Field,
    InterfaceType,
    ObjectType,
    UnionType,
)
from gateway.composition.schema.type_ref import named_type


@dataclass(frozen=True, slots=True)
class FieldSetCheck:
    """One use of one of the three directives; `type_name` is what its selection starts from."""

    member: Member
    applied: Applied
    type_name: str
    coordinate: str

    def errors(self) -> Iterator[CompositionError]:
        """Everything that is wrong with the selection."""
        fields = self.applied.arguments.get("fields")
        text = field_set_text(fields)
        if text is None or not (isinstance(fields, str) or self.member.is_federation_one):
            yield self._error("INVALID_FIELDS_TYPE", "Its fields must be a string.")
            return
        try:
            selections = parse_field_set(text)
        except InvalidFieldSet as error:
            yield self._error("INVALID_FIELDS", f'"{text}" is no selection: {error}')
            return
        yield from self._selections(self.type_name, selections, is_below_external=False)

    def _selections(
        self, type_name: str, selections: SelectionSetNode, *, is_below_external: bool
    ) -> Iterator[CompositionError]:
        for selection in selections.selections:
            yield from self._no_directives(selection)
            match selection:
                case FieldNode():
                    yield from self._field(type_name, selection, is_below_external)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    on = condition.name.value if condition else type_name
                    if not self._overlaps(type_name, on):
                        yield self._error("INVALID_FIELDS", f"No {type_name} can be a {on}.")
                        continue
                    yield from self._selections(on, inner, is_below_external=is_below_external)
                case _:
                    yield self._error("INVALID_FIELDS", "A field set has no named fragments.")

    def _field(
        self, type_name: str, node: FieldNode, is_below_external: bool
    ) -> Iterator[CompositionError]:
        name = node.name.value
        if name == "__typename":
            return
        composite = self.member.schema.composite(type_name)
        field = composite.fields.get(name) if composite is not None else None
        if field is None:
            yield self._error("INVALID_FIELDS", f"{type_name} has no field {name}.")
            return
        if node.alias is not None:
            yield self._error("INVALID_FIELDS", f"{name} cannot have an alias.")
        yield from self._arguments(type_name, field, node)
        if node.selection_set is None:
            is_external = is_below_external or self.member.is_external(type_name, name)
            yield from self._leaf(type_name, field, is_external)
        else:
            is_external = is_below_external or self._is_external_somewhere(type_name, name)
            yield from self._branch(type_name, field, node.selection_set, is_external)

    def _leaf(self, type_name: str, field: Field, is_external: bool) -> Iterator[CompositionError]:
        place = f"{type_name}.{field.name}"
        yield from self._kind(place, field)
        if self._is_selectable(field):
            yield self._error("INVALID_FIELDS", f"{place} needs a selection of fields.")
        elif self._needs_external and not is_external:
            yield self._error(
                "FIELDS_MISSING_EXTERNAL",
                f"{place} is resolved by this subgraph itself: it is not @external.",
            )

    def _branch(
        self, type_name: str, field: Field, inner: SelectionSetNode, is_external: bool
    ) -> Iterator[CompositionError]:
        place = f"{type_name}.{field.name}"
        yield from self._kind(place, field)
        if not self._is_selectable(field):
            yield self._error("INVALID_FIELDS", f"{place} has no fields to select.")
            return
        yield from self._selections(named_type(field.type), inner, is_below_external=is_external)

    def _kind(self, place: str, field: Field) -> Iterator[CompositionError]:
        """A key must be the same wherever it is read: it cannot be of an abstract type."""
        target = self.member.schema.types.get(named_type(field.type))
        if self._directive == "key" and isinstance(target, InterfaceType | UnionType):
            yield self._error(
                "FIELDS_SELECT_INVALID_TYPE", f"{place} is of an abstract type, {target.name}."
            )

    def _arguments(
        self, type_name: str, field: Field, node: FieldNode
    ) -> Iterator[CompositionError]:
        place = f"{type_name}.{field.name}"
        if self._directive != "requires":
            if field.arguments:
                yield self._error("FIELDS_HAS_ARGS", f"{place} has arguments.")
            return
        for reason in argument_faults(self.member.schema, field, node):
            yield self._error("INVALID_FIELDS", f"{place} {reason}.")

    def _no_directives(self, selection: SelectionNode) -> Iterator[CompositionError]:
        if selection.directives:
            yield self._error("DIRECTIVE_IN_FIELDS_ARG", "A field set has no directives.")

    def _overlaps(self, type_name: str, on: str) -> bool:
        schema = self.member.schema
        return bool(schema.possible_types(type_name) & schema.possible_types(on))

    def _is_selectable(self, field: Field) -> bool:
        target = self.member.schema.types.get(named_type(field.type))
        return isinstance(target, ObjectType | InterfaceType | UnionType)

    def _is_external_somewhere(self, type_name: str, field: str) -> bool:
        """What is below an interface's field is another subgraph's where an implementer's is."""
        schema = self.member.schema
        return any(
            self.member.is_external(name, field)
            for name in (type_name, *schema.possible_types(type_name))
        )

    @property
    def _needs_external(self) -> bool:
        return self._directive != "key" and not self.member.is_federation_one

    @property
    def _directive(self) -> str:
        return self.applied.name

    def _error(self, suffix: str, reason: str) -> CompositionError:
        code = Code[f"{self._directive.upper()}_{suffix}"]
        message = f"@{self._directive} on {self.coordinate}: {reason}"
        return self.member.error(code, message, self.coordinate, self.applied.line)
