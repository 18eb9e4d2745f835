"""The merged tree in the shape that the client asked for.

Compiled once per plan into functions, one for each selection: the client's order of keys, null
propagation (GraphQL 6.4.4), and exactly one error for each null that has a cause.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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

from gateway.authorization.denial import Denial, Denials
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.merge import Gaps
from gateway.operation.model import Field, Operation, Part, Selection
from gateway.operation.normalise import TYPENAME
from gateway.operation.selections import of_part, of_type

#: Where a value is: the place of what holds it, and its key or index there.
Place = tuple[Any, str | int]

#: Errors of one answer to a client; there is no use in more.
MOST_ERRORS: Final = 100

#: Levels of a custom scalar's value: beyond some 250 an answer could not be written as JSON.
_DEEPEST: Final = 100

#: A null whose cause is among the errors already.
_FAILED: Final = object()


@dataclass(slots=True)
class Answer:
    """One answer being shaped. `rising` are denials whose null is on its way up.

    `lost` are errors of values that were lost with another, by identity: where that one failed.
    """

    gaps: Gaps
    errors: list[dict[str, Any]] = field(default_factory=list)
    rising: list[dict[str, Any]] = field(default_factory=list)
    lost: dict[int, list[str | int]] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.errors) >= MOST_ERRORS

    def add(self, error: dict[str, Any]) -> None:
        self.errors.append(error)

    def fail(self, failure: Failure, place: Place) -> None:
        """A value that could not be had."""
        if self.full:
            return
        error = failure.formatted(path_of(place))
        self.add(error)
        if failure.lost:
            held = path_of(place[0])
            self.lost[id(error)] = [*held[: len(held) - failure.up], *failure.lost]

    def collapse(self, since: int) -> None:
        """The object whose errors begin at `since` is null: one error is left for each cause."""
        errors = self.errors[since:]
        if not self.lost or not any(id(error) in self.lost for error in errors):
            return
        told = [error for error in errors if id(error) not in self.lost]
        paths = [error["path"] for error in told]
        for error in errors:
            cause = self.lost.pop(id(error), None)
            if cause is not None and cause not in paths:
                paths.append(cause)
                told.append({**error, "path": cause})
                # What holds this object may hold the cause too, and tell it itself.
                self.lost[id(told[-1])] = cause
        self.errors[since:] = told

    def fault(self, message: str, place: Place) -> None:
        """A value that does not fit the schema."""
        if self.full:
            return
        extensions = {"code": "INVALID_VALUE"}
        self.add({"message": message, "path": path_of(place), "extensions": extensions})

    def settle(self, place: Place | None) -> None:
        """The null has come to rest: say where, if that is not where it began."""
        path = path_of(place)
        for error in self.rising:
            if error["path"] != path:
                error["extensions"]["nulledAt"] = path
        self.rising.clear()


#: Shapes the value under a key: gives None for null, `_FAILED` for a null that has its error,
#: `ABSENT` for a value of an entity that does not exist.
Shape = Callable[[Any, Any, str | int, Answer], Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One key of an object: how it is shaped, and whether null may stay there."""

    key: str
    shape: Shape
    non_null: bool
    coordinate: str


@dataclass(frozen=True, slots=True)
class Projection:
    """The shape of one operation's answer."""

    _shape: Shape

    def shape(
        self, tree: dict[str, Any], gaps: Gaps
    ) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The data, and at most `MOST_ERRORS` errors."""
        answer = Answer(gaps)
        data = self._shape(tree, None, "", answer)
        if data is _FAILED:
            answer.settle(None)
            return None, answer.errors
        return data, answer.errors


def compile_projection(
    operation: Operation, schema: GraphQLSchema, denials: Denials, part: Part | None = None
) -> Projection:
    """`denials` are the fields, by object type, that come out as null with an error each.

    Without a `part` it is the first. One that is deferred has only its own fields and what holds
    them; a null rises no further than to the objects that the deferred fragment is on.
    """
    compiler = _Compiler(schema, denials)
    root = schema.type_map[operation.type]
    assert isinstance(root, GraphQLObjectType)
    if not operation.parts:
        return Projection(_root(compiler.parts(root, operation.selections, ())))
    selections = of_part(operation.selections, 0 if part is None else part.id)
    return Projection(_root(compiler.parts(root, selections, () if part is None else part.path)))


def path_of(place: Any) -> list[str | int]:
    """The path of a place, from the root."""
    path: list[str | int] = []
    while place is not None:
        place, key = place
        path.append(key)
    return path[::-1]


class _Compiler:
    def __init__(self, schema: GraphQLSchema, denials: Mapping[tuple[str, str], Denial]) -> None:
        self._schema = schema
        self._denials = denials

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
        denial = self._denial(type, wanted.name)
        shape = (
            _denied(denial)
            if denial is not None
            else self._shape(declared, wanted, along[1:], bool(along))
        )
        non_null = isinstance(declared, GraphQLNonNull) and not along
        return _Part(wanted.key, shape, non_null, coordinate)

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

    def _denial(self, type: GraphQLObjectType | GraphQLInterfaceType, name: str) -> Denial | None:
        """What denies the field; to objects of whatever type, what denies it to any."""
        possible = [type]
        if isinstance(type, GraphQLInterfaceType):
            possible += self._schema.get_possible_types(type)
        denials = (self._denials.get((each.name, name)) for each in possible)
        return next((denial for denial in denials if denial is not None), None)


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
        result = part.shape(found, here, key, answer)
        if result is None or result is _FAILED or result is ABSENT:
            if part.non_null:
                if result is ABSENT:
                    return None  # the object itself does not exist
                violated = _violated(result, part.coordinate, (here, key), answer)
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
            if result is None or result is _FAILED:
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
    extensions = {
        "code": "FORBIDDEN_FIELD",
        "coordinate": denial.coordinate,
        "directive": denial.directive,
        "required": denial.required,
    }

    def shape(value: Any, place: Any, key: str | int, answer: Answer) -> Any:
        if answer.full:
            return _FAILED
        error = {
            "message": "You may not see this field.",
            "path": path_of((place, key)),
            "extensions": dict(extensions),
        }
        answer.add(error)
        answer.rising.append(error)
        return _FAILED

    return shape


def _no_value(value: Any, expected: str, place: Place, answer: Answer) -> Any:
    """Null, or what is not what the schema says."""
    if value is None or value is ABSENT:
        return value
    if not isinstance(value, Failure):
        answer.fault(f"This value is not {expected}.", place)
    else:
        answer.fail(value, place)
    return _FAILED


def _violated(result: Any, coordinate: str, place: Place, answer: Answer) -> Any:
    if result is None:
        answer.fault(f"Cannot return null for non-nullable field {coordinate}.", place)
    return _FAILED
