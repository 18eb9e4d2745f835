"""What makes the gateway's answer another than one server's.

**Without lost requests** `data` must be the same, the order of keys too. A server may name any one
of the errors that made the same value null (GraphQL 6.4.4), so the lists of errors need not be the
same, but:

- each error is at a place where, in the data, something fails, and no place is named twice;
- what is null because of an error is so for both: the places where the errors' nulls come to rest
  are the same. An error whose null stays where it arose is thus named by both.

**With lost requests** each value is that of one server, or null; a null that the server does not
have has an error at its place or below; what must not be null is not; and no error is at a place
that is not null. (A null that the server has too may have an error: who lost the request that would
have said null cannot know it.)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one place of an answer."""

    what: str
    place: Place

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.place)) or 'the root'}: {self.what}"


def wrong_errors(
    data: Any, told: Sequence[Place], expected: Sequence[Place], failing: Collection[Place]
) -> Iterator[Wrong]:
    """What is wrong with the errors of an answer whose data is right.

    `told` and `expected` are the paths of our errors and of the server's, `failing` those at which
    anything fails.
    """
    for each in sorted(set(told), key=str):
        if told.count(each) > 1:
            yield Wrong("an error is told twice", each)
        if each not in failing:
            yield Wrong("an error is told, but nothing fails there", each)
        if rest(data, each) is None:
            yield Wrong("an error is told where nothing is null", each)
    ours = {rest(data, each) for each in told} - {None}
    theirs = {rest(data, each) for each in expected} - {None}
    for place in sorted(ours ^ theirs, key=str):
        assert place is not None
        yield Wrong(f"this null has an error of {'ours' if place in ours else 'theirs'}", place)


def wrong_denials(
    errors: Sequence[Mapping[str, Any]],
    denied: Collection[Place],
    types: Mapping[Place, GraphQLOutputType],
) -> Iterator[Wrong]:
    """What is wrong with what the errors of an answer, whose data is right, say of denials.

    A denial is told as one where the field is denied, nowhere else, and says where its null came
    to rest when that is not where it arose. `types` are those of the fields, by their places.
    """
    for error in errors:
        place = tuple(error.get("path") or ())
        if (error["extensions"]["code"] == "FORBIDDEN_FIELD") is not (place in denied):
            yield Wrong("what is denied is not told as denied, or what failed is", place)
        resting = _risen(place, types)
        expected = None if resting == place else list(resting)
        if place in denied and error["extensions"].get("nulledAt") != expected:
            yield Wrong("the place at which a denied field's null rests is another", place)


def _risen(place: Place, types: Mapping[Place, GraphQLOutputType]) -> Place:
    """Where a null comes to rest that arises here."""
    while place and isinstance(_type(place, types), GraphQLNonNull):
        place = place[:-1]
    return place


def wrong_losses(
    data: Any, told: Sequence[Place], expected: Any, types: Mapping[Place, GraphQLOutputType]
) -> Iterator[Wrong]:
    """What is wrong with an answer for which requests were lost.

    `types` are those of the fields, by their places in the server's answer.
    """
    lost: list[Place] = []
    yield from _compared(data, expected, (), types, lost)
    for each in lost:
        if not any(error[: len(each)] == each for error in told):
            yield Wrong("this null has no error", each)
        if isinstance(_type(each, types), GraphQLNonNull):
            yield Wrong("null must not be here", each)
    for error in told:
        if rest(data, error) is None:
            yield Wrong("an error is told where nothing is null", error)


def rest(data: Any, place: Place) -> Place | None:
    """Where the null of an error came to rest: its place or above; None if nothing is null."""
    value = data
    for length, segment in enumerate(place):
        if value is None:
            return place[:length]
        try:
            value = value[segment]
        except (KeyError, IndexError, TypeError):
            return None
    return place if value is None else None


def _compared(
    data: Any,
    expected: Any,
    at: Place,
    types: Mapping[Place, GraphQLOutputType],
    lost: list[Place],
) -> Iterator[Wrong]:
    """Gathers the places that are null for us alone."""
    if data is None and expected is not None:
        lost.append(at)
    elif isinstance(data, dict) and isinstance(expected, dict) and list(data) == list(expected):
        for key in data:
            yield from _compared(data[key], expected[key], (*at, key), types, lost)
    elif isinstance(data, list) and isinstance(expected, list) and len(data) == len(expected):
        for index, (one, other) in enumerate(zip(data, expected, strict=True)):
            yield from _compared(one, other, (*at, index), types, lost)
    elif data != expected:
        yield Wrong("the value is another", at)


def _type(at: Place, types: Mapping[Place, GraphQLOutputType]) -> GraphQLOutputType | None:
    """The type at a place; that of an item follows from its list's."""
    if not at or not isinstance(at[-1], int):
        return types.get(at)
    above = _type(at[:-1], types)
    if isinstance(above, GraphQLNonNull):
        above = above.of_type
    if not isinstance(above, GraphQLList):
        return None  # inside a custom scalar
    item: GraphQLOutputType = above.of_type
    return item
