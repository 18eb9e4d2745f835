"""The merged tree in the shape that the client asked for.

Compiled once per plan into functions, one for each selection: the client's order of keys, null
propagation (GraphQL 6.4.4), and exactly one error for each null that has a cause.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_abstract_type,
    is_specified_scalar_type,
)

from gateway.authorization.denial import Denial, Denials, Telling, denial_of, use_of
from gateway.authorization.gates import Gates
from gateway.authorization.judgement import refusal_of
from gateway.executor.answer import FAILED, Answer, Place
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.gatekeeper import Verdicts
from gateway.executor.merge import Gaps
from gateway.operation.model import Field, Operation, Part, Selection
from gateway.operation.normalise import TYPENAME
from gateway.operation.selections import of_part, of_type

#: Levels of a custom scalar's value: beyond some 250 an answer could not be written as JSON.
_DEEPEST: Final = 100

#: Shapes the value under a key: gives None for null, `FAILED` for a null that has its error,
#: `ABSENT` for a value of an entity that does not exist.
Shape = Callable[[Any, Any, str | int, Answer], Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One key of an object: how it is shaped, and whether null may stay there.

    Behind a `gate` are only the objects that policies have opened it to; it says what is said of
    an object that nobody was asked about.
    """

    key: str
    shape: Shape
    non_null: bool
    coordinate: str
    gate: Denial | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """The shape of one operation's answer."""

    _shape: Shape
    _telling: Telling

    def shape(
        self, tree: dict[str, Any], gaps: Gaps, verdicts: Verdicts | None = None
    ) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The data, and at most `MOST_ERRORS` errors."""
        answer = Answer(gaps, verdicts or {}, self._telling)
        data = self._shape(tree, None, "", answer)
        if data is FAILED:
            answer.settle(None)
            return None, answer.errors
        return data, answer.errors


def compile_projection(
    operation: Operation,
    schema: GraphQLSchema,
    denials: Denials,
    part: Part | None = None,
    *,
    gates: Gates | None = None,
    telling: Telling = Telling.EXPLAINED,
) -> Projection:
    """`denials` are the fields, by object type, that come out as null with an error each.

    Those of `gates` come out where the verdicts say so. Without a `part` it is the first. One that
    is deferred has only its own fields and what holds them; a null rises no further than to the
    objects that the deferred fragment is on.
    """
    compiler = _Compiler(schema, denials, gates or {})
    root = schema.type_map[operation.type]
    assert isinstance(root, GraphQLObjectType)
    if not operation.parts:
        return Projection(_root(compiler.parts(root, operation.selections, ())), telling)
    selections = of_part(operation.selections, 0 if part is None else part.id)
    along = () if part is None else part.path
    return Projection(_root(compiler.parts(root, selections, along)), telling)


class _Compiler:
    def __init__(self, schema: GraphQLSchema, denials: Denials, gates: Gates) -> None:
        self._schema = schema
        self._denials = denials
        self._gates = gates

    def parts(
        self,
        type: GraphQLObjectType | GraphQLInterfaceType,
        selections: Sequence[Selection],
        along: tuple[str, ...],
    ) -> list[_Part]:
        """`along` are the response keys, from here, to where nulls stop to rise."""
        return [self._part(type, each, along) for each in of_type(selections, type.name)]

    def _part(
        self,
        type: GraphQLObjectType | GraphQLInterfaceType,
        wanted: Field,
        along: tuple[str, ...],
    ) -> _Part:
        coordinate = f"{type.name}.{wanted.name}"
        if wanted.name == TYPENAME:
            return _Part(wanted.key, _constant(type.name), True, coordinate)
        if wanted.name.startswith("__"):
            return _Part(wanted.key, _as_it_is, False, coordinate)
        declared = type.fields[wanted.name].type
        denial = self._denial(type, wanted)
        shape = (
            _denied(denial)
            if denial is not None
            else self._shape(declared, wanted, along[1:], bool(along))
        )
        non_null = isinstance(declared, GraphQLNonNull) and not along
        gate = None if denial is not None else self._gate(type, wanted)
        return _Part(wanted.key, shape, non_null, coordinate, gate)

    def _shape(
        self, type: GraphQLOutputType, wanted: Field, along: tuple[str, ...], stops: bool
    ) -> Shape:
        if isinstance(type, GraphQLNonNull):
            return self._shape(type.of_type, wanted, along, stops)
        if isinstance(type, GraphQLList):
            item = self._shape(type.of_type, wanted, along, stops)
            non_null = isinstance(type.of_type, GraphQLNonNull) and not stops
            return _list(item, non_null, _coordinate(wanted))
        if isinstance(type, GraphQLEnumType):
            return _enumeration(frozenset(type.values))
        if isinstance(type, GraphQLObjectType):
            return _object(self.parts(type, wanted.selections, along))
        if is_abstract_type(type):
            possible = self._schema.get_possible_types(type)
            parts: dict[str | None, list[_Part]] = {
                each.name: self.parts(each, wanted.selections, along) for each in possible
            }
            if isinstance(type, GraphQLInterfaceType):
                # An interface object does not tell the type, and nobody asked for it.
                parts[None] = self.parts(type, wanted.selections, along)
            return _abstract(parts)
        return _scalar if is_specified_scalar_type(type) else _as_it_is

    def _denial(
        self, type: GraphQLObjectType | GraphQLInterfaceType, wanted: Field
    ) -> Denial | None:
        """What denies the field; to objects of whatever type, what denies it to any."""
        denials = (denial_of(self._denials, each, wanted) for each in self._possible(type))
        return next((denial for denial in denials if denial is not None), None)

    def _gate(self, type: GraphQLObjectType | GraphQLInterfaceType, wanted: Field) -> Denial | None:
        """What denies the field where no policy opens it."""
        if not self._gates:
            return None
        gates = (self._gates.get(use_of(each, wanted)) for each in self._possible(type))
        return next((refusal_of(pending) for pending in gates if pending is not None), None)

    def _possible(self, type: GraphQLObjectType | GraphQLInterfaceType) -> list[str]:
        """The type itself, and those of its objects."""
        if isinstance(type, GraphQLObjectType):
            return [type.name]
        return [type.name, *(each.name for each in self._schema.get_possible_types(type))]


def _coordinate(wanted: Field) -> str:
    return f"{wanted.parent}.{wanted.name}"


def _root(parts: Sequence[_Part]) -> Shape:
    """As an object, but its keys have no place above them."""

    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        return _fill(parts, value, None, answer)

    return shape


def _object(parts: Sequence[_Part]) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        if value.__class__ is not dict:
            return _no_value(value, "an object", (place, key), answer)
        return _fill(parts, value, (place, key), answer)

    return shape


def _abstract(parts: Mapping[str | None, Sequence[_Part]]) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        if value.__class__ is not dict:
            return _no_value(value, "an object", (place, key), answer)
        typename = value.get(TYPENAME)
        if isinstance(typename, Failure):
            # Without its type the object is lost, with what took the type.
            return _no_value(typename.of_object(), "an object", (place, key), answer)
        known = parts.get(typename) if typename is None or typename.__class__ is str else None
        if known is None:
            return None  # a type that the client's schema does not have
        return _fill(known, value, (place, key), answer)

    return shape


def _fill(parts: Sequence[_Part], value: Mapping[str, Any], here: Any, answer: Answer) -> Any:
    shaped = {}
    since = len(answer.errors)
    for part in parts:
        key = part.key
        found = value.get(key)
        if found is None and answer.gaps and key not in value:
            gap = answer.gaps.get(id(value))
            found = gap.at(key) if gap is not None else None
        gate = part.gate
        if gate is not None:
            gate = answer.verdicts.get((id(value), key), gate)
        if gate is None:
            result = part.shape(found, here, key, answer)
        else:
            result = answer.deny(gate, (here, key))
        if result is None or result is FAILED or result is ABSENT:
            if part.non_null:
                if result is ABSENT and here is not None:
                    return None  # the object itself does not exist
                cause = None if result is ABSENT else result
                violated = _violated(cause, part.coordinate, (here, key), answer)
                answer.collapse(since)
                return violated
            if answer.rising:
                answer.settle((here, key))
            result = None
        shaped[key] = result
    return shaped


def _list(item: Shape, non_null: bool, coordinate: str) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        here = (place, key)
        if value.__class__ is not list:
            return _no_value(value, "a list", here, answer)
        shaped = []
        for at, each in enumerate(value):
            result = item(each, here, at, answer)
            if result is None or result is FAILED:
                if non_null:
                    return _violated(result, coordinate, (here, at), answer)
                if answer.rising:
                    answer.settle((here, at))
                result = None
            shaped.append(result)
        return shaped

    return shape


def _enumeration(values: frozenset[str]) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        if value.__class__ is str and value in values:
            return value
        return _no_value(value, "a value of its enum", (place, key), answer)

    return shape


def _scalar(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
    kind = value.__class__
    if kind is str or kind is int or kind is bool or kind is float:
        return value
    return _no_value(value, "a scalar", (place, key), answer)


def _as_it_is(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
    """A custom scalar: its subgraph alone knows what it looks like."""
    if value.__class__ is str or (value is not ABSENT and _is_plain(value, _DEEPEST)):
        return value
    return _no_value(value, "a scalar", (place, key), answer)


def _is_plain(value: Any, levels: int) -> bool:
    """Whether it can be written as JSON."""
    if value.__class__ is dict:
        return levels > 0 and all(_is_plain(each, levels - 1) for each in value.values())
    if value.__class__ is list:
        return levels > 0 and all(_is_plain(each, levels - 1) for each in value)
    return not isinstance(value, Failure)


def _constant(name: str) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        return name

    return shape


def _denied(denial: Denial) -> Shape:
    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        return answer.deny(denial, (place, key))

    return shape


def _no_value(value: Any, expected: str, place: Place, answer: Answer) -> Any:
    """Null, or what is not what the schema says."""
    if value is None or value is ABSENT:
        return value
    if not isinstance(value, Failure):
        answer.fault(f"This value is not {expected}.", place)
    else:
        answer.fail(value, place)
    return FAILED


def _violated(result: Any, coordinate: str, place: Place, answer: Answer) -> Any:
    if result is None:
        answer.fault(f"Cannot return null for non-nullable field {coordinate}.", place)
    return FAILED
