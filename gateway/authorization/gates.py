"""Where policies decide object by object: which objects, and what must be known of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graphql import GraphQLSchema, is_abstract_type

from gateway.authorization.denial import Denial, use_of
from gateway.authorization.judgement import refusal_of
from gateway.authorization.keys import Keys
from gateway.authorization.rules import Pending
from gateway.operation.model import Field, Fragment, Operation, Selection
from gateway.operation.types import possible_types
from gateway.plan.path import INTERNAL_PREFIX

#: Begins the response keys under which keys are fetched for policies.
_KEY: Final = f"{INTERNAL_PREFIX}_policy_"

#: Uses of fields, by object type, field and the arguments' text, and what is to be decided.
Gates = Mapping[tuple[str, str, str], tuple[Pending, ...]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A response key that only some objects have something under.

    The objects are under the response keys of `path`; where they may be of several types, those
    of `type` count (`by_type`). `keys` are selected of each of them.
    """

    path: tuple[str, ...]
    type: str
    by_type: bool
    key: str
    field: str
    arguments: str
    pending: tuple[Pending, ...]
    keys: tuple[Field, ...]

    @property
    def refusal(self) -> Denial:
        """What is said of an object that could not be asked about."""
        return refusal_of(self.pending)


def gated(
    operation: Operation, schema: GraphQLSchema, gates: Gates, keys: Keys
) -> tuple[Operation, tuple[Gate, ...]]:
    """The operation that also asks for what policies must know, and where they decide."""
    if not gates:
        return operation, ()
    writer = _Writer(schema, gates, keys)
    selections = writer.selections(operation.type, operation.selections, ())
    return replace(operation, selections=selections), tuple(writer.found)


def own_key(field: Field) -> str:
    """The name of a key's field, as the policy knows it."""
    return field.key.removeprefix(_KEY)


class _Writer:
    def __init__(self, schema: GraphQLSchema, gates: Gates, keys: Keys) -> None:
        self._schema = schema
        self._gates = gates
        self._keys = keys
        self.found: dict[Gate, None] = {}

    def selections(
        self, parent: str, selections: Iterable[Selection], path: tuple[str, ...]
    ) -> tuple[Selection, ...]:
        """What is selected of a type, with the keys of objects that have a gate."""
        kept: list[Selection] = []
        parts: dict[str, int] = {}
        for each in selections:
            kept.append(self._below(each, path))
            for field in each.selections if isinstance(each, Fragment) else (each,):
                for type in self._with_gates(parent, field, path):
                    parts[type] = min(field.part, parts.get(type, field.part))
        for type, part in parts.items():
            fields = tuple(replace(each, part=part) for each in self._key_of(type))
            kept += fields if type == parent else (Fragment(type, fields),)
        return tuple(kept)

    def _below(self, selection: Selection, path: tuple[str, ...]) -> Selection:
        if isinstance(selection, Fragment):
            fields = (self._field(each, path) for each in selection.selections)
            return replace(selection, selections=tuple(fields))
        return self._field(selection, path)

    def _field(self, field: Field, path: tuple[str, ...]) -> Field:
        if not field.selections:
            return field
        below = self.selections(field.type, field.selections, (*path, field.key))
        return replace(field, selections=below)

    def _with_gates(self, parent: str, field: Field, path: tuple[str, ...]) -> Iterator[str]:
        """The types whose objects have a gate before this field."""
        by_type = is_abstract_type(self._schema.type_map[parent])
        for type in possible_types(field.parent, self._schema):
            pending = self._gates.get(use_of(type, field))
            if pending is not None:
                keys = self._key_of(type)
                self.found[
                    Gate(
                        path,
                        type,
                        by_type,
                        field.key,
                        field.name,
                        field.arguments.text,
                        pending,
                        keys,
                    )
                ] = None
                yield type

    def _key_of(self, type: str) -> tuple[Field, ...]:
        return tuple(
            replace(field, key=f"{_KEY}{field.name}")
            for field in self._keys.of(type)
            if isinstance(field, Field)
        )
