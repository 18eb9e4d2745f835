"""An operation without what the caller may not see: no subgraph is asked for it."""

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLSchema

from gateway.authorization.denial import Denials
from gateway.operation.model import Field, Fragment, Operation, Selection
from gateway.operation.types import possible_types


def permitted(operation: Operation, schema: GraphQLSchema, denials: Denials) -> Operation:
    """The same operation without denied fields.

    A field of an interface stays for the types in which it is permitted.
    """
    if not denials:
        return operation
    selections = _Filter(schema, denials).selections(operation.selections)
    return replace(operation, selections=selections)


class _Filter:
    def __init__(self, schema: GraphQLSchema, denials: Denials) -> None:
        self._schema = schema
        self._denials = denials

    def selections(self, selections: tuple[Selection, ...]) -> tuple[Selection, ...]:
        return tuple(kept for each in selections for kept in self._kept(each))

    def _kept(self, selection: Selection) -> Iterator[Selection]:
        if isinstance(selection, Fragment):
            fields = tuple(kept for field in selection.selections for kept in self._fields(field))
            if fields:
                yield replace(selection, selections=fields)
            return
        types = possible_types(selection.parent, self._schema)
        allowed = [type for type in types if (type, selection.name) not in self._denials]
        if len(allowed) == len(types):
            yield self._below(selection)
            return
        for type in allowed:
            yield Fragment(type, (self._below(replace(selection, parent=type)),))

    def _fields(self, field: Field) -> Iterator[Field]:
        if (field.parent, field.name) not in self._denials:
            yield self._below(field)

    def _below(self, field: Field) -> Field:
        if not field.selections:
            return field
        kept = self.selections(field.selections)
        return field if kept == field.selections else replace(field, selections=kept)
