"""Descriptions and directives of one element, as several members give them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final

from gateway.composition.merging.list_sizes import merge_list_sizes
from gateway.composition.schema.literal import Literal, write_literal
from gateway.composition.schema.model import Applied, Element

Merge = Callable[[Sequence[Applied]], tuple[Applied, ...]]


def merge_description(elements: Sequence[Element]) -> str | None:
    """What most members say; the first of them when there are as many of another."""
    said = Counter(element.description for element in elements if element.description)
    return said.most_common(1)[0][0] if said else None


def merge_directives(elements: Sequence[Element]) -> tuple[Applied, ...]:
    """What clients and the gateway must know of the element."""
    merged: list[Applied] = []
    for name, merge in _MERGES.items():
        applied = [directive for element in elements for directive in element.applied(name)]
        if applied:
            merged.extend(merge(applied))
    return tuple(merged)


def merge_custom(elements: Sequence[Element]) -> tuple[Applied, ...]:
    """The subgraphs' own directives: every use that differs from the others."""
    applied = (directive for element in elements for directive in element.custom)
    return tuple({f"{one.name}{_text(one)}": one for one in applied}.values())


def _each(applied: Sequence[Applied]) -> tuple[Applied, ...]:
    return tuple({_text(directive): directive for directive in applied}.values())


def _any(applied: Sequence[Applied]) -> tuple[Applied, ...]:
    return (Applied(applied[0].name),)


def _most_common(applied: Sequence[Applied]) -> tuple[Applied, ...]:
    counted = Counter(map(_text, applied))
    chosen = counted.most_common(1)[0][0]
    return (next(directive for directive in applied if _text(directive) == chosen),)


def _all_of(argument: str) -> Merge:
    """Alternatives of conjunctions: each member's demand must be met, not one of them."""

    def merge(applied: Sequence[Applied]) -> tuple[Applied, ...]:
        demands = (_alternatives(directive.arguments.get(argument)) for directive in applied)
        met = tuple(tuple(alternative) for alternative in reduce(_both, demands))
        return (Applied(applied[0].name, {argument: met}),)

    return merge


# Keys of a dictionary are a set that keeps the order in which people wrote it.
Conjunction = dict[str, None]


def _both(some: list[Conjunction], others: list[Conjunction]) -> list[Conjunction]:
    combined = [one | other for one in some for other in others]
    unique = {frozenset(one): one for one in reversed(combined)}
    return [one for names, one in reversed(unique.items()) if not any(n < names for n in unique)]


def _alternatives(value: Literal) -> list[Conjunction]:
    """GraphQL reads a single value as a list of it."""
    return [dict.fromkeys(map(str, _items(alternative))) for alternative in _items(value)]


def _items(value: Literal) -> tuple[Literal, ...]:
    return value if isinstance(value, tuple) else (value,)


def _heaviest(applied: Sequence[Applied]) -> tuple[Applied, ...]:
    weights = [weight for one in applied if isinstance(weight := one.arguments["weight"], int)]
    return (Applied("cost", {"weight": max(weights)}),)


def _text(directive: Applied) -> str:
    return write_literal(dict(sorted(directive.arguments.items())))


_MERGES: Final[Mapping[str, Merge]] = {
    "inaccessible": _any,
    "tag": _each,
    "authenticated": _any,
    "requiresScopes": _all_of("scopes"),
    "policy": _all_of("policies"),
    "cost": _heaviest,
    "listSize": merge_list_sizes,
    "deprecated": _most_common,
    "specifiedBy": _most_common,
    "oneOf": _any,
}
