"""Whether a `@fromContext` takes exactly one value from whatever sets its context."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.composition.field_set import argument_faults
from gateway.composition.schema.model import Composite, Field, ObjectType, Schema, UnionType
from gateway.composition.schema.type_ref import ListOf, Named, NonNull, TypeRef, named_type


class _Unusable(Exception):
    """A selection that is not one value."""


@dataclass(frozen=True, slots=True)
class ContextSelectionCheck:
    """`setters` are the types that set the context; `wanted` is the argument's type."""

    schema: Schema
    setters: tuple[str, ...]
    wanted: TypeRef

    def faults(self, selections: SelectionSetNode) -> Iterator[str]:
        """Everything that is wrong with the selection."""
        try:
            conditions = self._conditions(selections)
            if conditions:
                yield from self._conditional(conditions)
            else:
                field = _only_field(selections)
                for setter in self.setters:
                    yield from self._field(setter, field)
        except _Unusable as error:
            yield str(error)

    def _conditions(self, selections: SelectionSetNode) -> dict[str, FieldNode]:
        """What is selected of each object type, if the selection tells them apart."""
        fragments = [each for each in selections.selections if isinstance(each, InlineFragmentNode)]
        conditions: dict[str, FieldNode] = {}
        for fragment in fragments:
            condition = fragment.type_condition
            name = condition.name.value if condition is not None else ""
            if not isinstance(self.schema.types.get(name), ObjectType):
                raise _Unusable("each fragment must be on an object type")
            if fragment.directives:
                raise _Unusable("it cannot have directives")
            if name in conditions:
                raise _Unusable(f"it has two fragments on {name}")
            conditions[name] = _only_field(fragment.selection_set)
        if fragments and len(fragments) < len(selections.selections):
            raise _Unusable("it selects more than one value")
        return conditions

    def _conditional(self, conditions: dict[str, FieldNode]) -> Iterator[str]:
        used: set[str] = set()
        for setter in self.setters:
            matching = self.schema.possible_types(setter) & conditions.keys()
            used |= matching
            if not matching:
                yield f"it selects nothing of {setter}, which sets the context"
        for name, field in conditions.items():
            if name in used:
                yield from self._field(name, field)
            else:
                yield f"no {name} sets the context"

    def _field(self, type_name: str, node: FieldNode) -> Iterator[str]:
        try:
            selected = self._selected_type(type_name, node)
        except _Unusable as error:
            yield str(error)
            return
        if selected != self.wanted:
            yield f"it selects {selected} of {type_name}, and the argument is {self.wanted}"

    def _selected_type(self, type_name: str, node: FieldNode) -> TypeRef:
        """Any part of a context may turn out null, so the value may."""
        if node.alias is not None or node.directives:
            raise _Unusable("it cannot have aliases or directives")
        if node.name.value == "__typename":
            return Named("String")
        field = self._declared(type_name, node)
        target = named_type(field.type)
        is_selectable = isinstance(self.schema.types.get(target), Composite | UnionType)
        if node.selection_set is None:
            if is_selectable:
                raise _Unusable(f"{type_name}.{field.name} needs a selection of a field")
            return _nullable(field.type)
        if not is_selectable:
            raise _Unusable(f"{type_name}.{field.name} has no fields to select")
        inner = self._selected_type(target, _only_field(node.selection_set))
        return _in_lists_of(field.type, inner)

    def _declared(self, type_name: str, node: FieldNode) -> Field:
        type, name = self.schema.composite(type_name), node.name.value
        if type is not None and type.has("interfaceObject"):
            raise _Unusable(f"{type_name} is an interface object, whose type is not known here")
        field = type.fields.get(name) if type is not None else None
        if field is None:
            raise _Unusable(f"{type_name} has no field {name}")
        for fault in argument_faults(self.schema, field, node):
            raise _Unusable(f"{type_name}.{name} {fault}")
        return field


def _only_field(selections: SelectionSetNode) -> FieldNode:
    match selections.selections:
        case (FieldNode() as field,):
            return field
        case (_,):
            raise _Unusable("only its outermost selection can have fragments")
        case _:
            raise _Unusable("it selects more than one value")


def _nullable(ref: TypeRef) -> TypeRef:
    match ref:
        case NonNull(of):
            return _nullable(of)
        case ListOf(of):
            return ListOf(_nullable(of))
        case Named():
            return ref


def _in_lists_of(ref: TypeRef, inner: TypeRef) -> TypeRef:
    match ref:
        case NonNull(of):
            return _in_lists_of(of, inner)
        case ListOf(of):
            return ListOf(_in_lists_of(of, inner))
        case Named():
            return inner
