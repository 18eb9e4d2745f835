"""An operation without what the caller may not see: no subgraph is asked for it."""

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLSchema, is_abstract_type

from gateway.authorization.denial import Denials, denial_of
from gateway.operation.model import Field, Fragment, Operation, Selection
from gateway.operation.normalise import TYPENAME
from gateway.operation.types import possible_types


def permitted(operation: Operation, schema: GraphQLSchema, denials: Denials) -> Operation:
    """The same operation without denied fields.

    A field of an interface stays for the types in which it is permitted. Where something is left
    out for some types, `__typename` stays: the answer says for each object what it lacks.
    """
    if not denials:
        return operation
    selections = _Filter(schema, denials).selections(operation.selections)
    return replace(operation, selections=selections)


class _Filter:
    def __init__(self, schema: GraphQLSchema, denials: Denials) -> None:
        self._schema = schema
        self._denials = denials

    def selections(
        self, selections: tuple[Selection, ...], parent: str | None = None
    ) -> tuple[Selection, ...]:
        """Of the abstract type `parent`, if it is one."""
        kept = tuple(kept for each in selections for kept in self._kept(each))
        if parent is None or not self._is_abstract(parent) or _shape(kept) == _shape(selections):
            return kept
        return (*kept, Field(parent, TYPENAME, TYPENAME, "String", 0))

    def _kept(self, selection: Selection) -> Iterator[Selection]:
        if isinstance(selection, Fragment):
            fields = tuple(kept for field in selection.selections for kept in self._fields(field))
            if fields:
                yield replace(selection, selections=fields)
            return
        types = possible_types(selection.parent, self._schema)
        allowed = [type for type in types if denial_of(self._denials, type, selection) is None]
        if len(allowed) == len(types):
            yield self._below(selection)
            return
        for type in allowed:
            yield Fragment(type, (self._below(replace(selection, parent=type)),))

    def _fields(self, field: Field) -> Iterator[Field]:
        if denial_of(self._denials, field.parent, field) is None:
            yield self._below(field)

    def _below(self, field: Field) -> Field:
        if not field.selections:
            return field
        kept = self.selections(field.selections, field.type)
        return field if kept == field.selections else replace(field, selections=kept)

    def _is_abstract(self, type: str) -> bool:
        return is_abstract_type(self._schema.type_map[type])


def _shape(selections: tuple[Selection, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What stands here, and not what is below it."""
    return [
        (each.key, ())
        if isinstance(each, Field)
        else (each.type, tuple(field.key for field in each.selections))
        for each in selections
    ]
