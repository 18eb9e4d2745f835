"""What several members say of a list's size, in one `@listSize` (cost/v0.1)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from gateway.composition.schema.literal import Literal, texts
from gateway.composition.schema.model import Applied

_SLICING: Final = "slicingArguments"
_REQUIRED: Final = "requireOneSlicingArgument"


def merge_list_sizes(applied: Sequence[Applied]) -> tuple[Applied, ...]:
    """The largest size, what any member names, and a slicing argument needed if by all of them."""
    first, *others = applied
    if all(other == first for other in others):
        return (first,)
    said = [one.arguments for one in applied]
    sizes = [size for one in said if isinstance(size := one.get("assumedSize"), int)]
    merged: dict[str, Literal] = {"assumedSize": max(sizes)} if sizes else {}
    for name in (_SLICING, "sizedFields"):
        names = tuple(dict.fromkeys(text for one in said for text in texts(one.get(name))))
        if names:
            merged[name] = names
    merged[_REQUIRED] = all(one.get(_REQUIRED) is not False for one in said)
    return (Applied(first.name, merged),)


def sliced_by(arguments: Collection[str], directives: Sequence[Applied]) -> tuple[Applied, ...]:
    """The directives of a field, whose `@listSize` speaks of no argument that it does not take."""
    return tuple(_of(one, arguments) if one.name == "listSize" else one for one in directives)


def _of(applied: Applied, arguments: Collection[str]) -> Applied:
    named = texts(applied.arguments.get(_SLICING))
    taken = tuple(name for name in named if name in arguments)
    if taken == named:
        return applied
    return replace(applied, arguments={**applied.arguments, _SLICING: taken})
