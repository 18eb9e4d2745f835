"""`_entities`: representations to objects, one loader call per type.

A type that other subgraphs point at has

    @classmethod
    async def resolve_references(cls, info, keys: list[Key]) -> list[Self | None]

where each `Key` is one representation without `__typename`, its names in Python's spelling.
Results are in the order of the keys; None means that there is no such thing for this caller.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import strawberry
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.utils.str_converters import to_snake_case

from kit.errors import BadInput

Key = Mapping[str, Any]


class BadRepresentation(BadInput):
    """A representation that names no entity of this subgraph."""

    code = "BAD_REPRESENTATION"


class TooManyRepresentations(BadInput):
    """More than `ServiceSettings.max_entities` in one call."""


class Entity(Protocol):
    """What `_entities` asks of a type."""

    @classmethod
    async def resolve_references(cls, info: strawberry.Info, keys: list[Key]) -> Sequence[Any]:
        """The objects with these keys, in the same order."""
        ...


async def resolve(
    definitions: Mapping[str, type[Entity]],
    info: strawberry.Info,
    representations: Sequence[Any],
) -> list[Any]:
    """One result per representation: an object, None, or the exception that it costs."""
    results: list[Any] = [None] * len(representations)
    places: dict[str, list[int]] = {}
    for index, representation in enumerate(representations):
        name = _type_name(representation)
        if name in definitions:
            places.setdefault(name, []).append(index)
        else:
            results[index] = BadRepresentation("This is no entity of this subgraph.")
    for name, indexes in places.items():
        keys = [_key(representations[index]) for index in indexes]
        for index, found in zip(indexes, await _load(definitions[name], info, keys), strict=True):
            results[index] = found
    return results


async def _load(entity: type[Entity], info: strawberry.Info, keys: list[Key]) -> Sequence[Any]:
    # A type that fails costs its own items only.
    try:
        return await entity.resolve_references(info, keys)
    except Exception as error:
        return [error] * len(keys)


def _type_name(representation: Any) -> str:
    name = representation.get("__typename") if isinstance(representation, dict) else None
    return name if isinstance(name, str) else ""


def _key(representation: Mapping[str, Any]) -> Key:
    return {
        to_snake_case(name): value for name, value in representation.items() if name != "__typename"
    }


def entity_of(definition: StrawberryObjectDefinition) -> type[Entity] | None:
    """The class behind a type, when it can be looked up by reference."""
    origin: Any = definition.origin
    return origin if hasattr(origin, "resolve_references") else None
