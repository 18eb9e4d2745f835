"""What an operation touches, as far as rules are concerned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import GraphQLSchema

from gateway.authorization.coordinates import coordinates
from gateway.authorization.denial import use_of
from gateway.authorization.inputs import Carried, Inputs
from gateway.authorization.rules import Authorization, Coordinate
from gateway.operation.model import Field, Operation, Selection
from gateway.operation.types import possible_types


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field of an object type with its arguments, as they are written.

    `inputs` are the types with rules that the arguments make use of.
    """

    type: str
    name: str
    arguments: str
    inputs: tuple[str, ...] = ()

    @property
    def coordinate(self) -> Coordinate:
        """The field."""
        return self.type, self.name

    @property
    def key(self) -> tuple[str, str, str]:
        """By which it is denied."""
        return self.type, self.name, self.arguments


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """An operation and what it touches.

    `uses` are those that cannot be judged by their coordinate alone: a policy may have a say, or
    their arguments need rights. `caller_policies` have a say whatever the objects are.
    """

    operation: Operation
    coordinates: frozenset[Coordinate]
    uses: tuple[FieldUse, ...]
    caller_policies: frozenset[str]


def touched_by(
    operation: Operation,
    schema: GraphQLSchema,
    authorization: Authorization,
    inputs: Inputs,
    carried: Carried,
) -> Touched:
    """`carried` is what the operation's variables make use of."""
    uses = tuple(
        dict.fromkeys(
            use
            for type, field in _fields(operation.selections, schema)
            for use in [FieldUse(*use_of(type, field), tuple(inputs.used(type, field, carried)))]
            if use.inputs or authorization.asks_policies(use.coordinate)
        )
    )
    found = coordinates(operation, schema)
    used = {name for use in uses for name in use.inputs}
    return Touched(operation, found, uses, authorization.caller_policies(found, used))


def _fields(selections: Iterable[Selection], schema: GraphQLSchema) -> Iterator[tuple[str, Field]]:
    for selection in selections:
        if isinstance(selection, Field):
            for type in possible_types(selection.parent, schema):
                yield type, selection
        yield from _fields(selection.selections, schema)
