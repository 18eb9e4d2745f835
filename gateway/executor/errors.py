"""A subgraph's errors, put where the values are missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from gateway.executor.failure import Failure
from gateway.plan.path import INTERNAL_PREFIX

#: Errors of one answer that are looked at.
_MOST: Final = 100


def place_errors(
    data: dict[str, Any], errors: Iterable[Mapping[str, Any]], subgraph: str, shown: frozenset[str]
) -> list[Failure]:
    """Put each error into `data` in place of the null it explains; those that explain none.

    Of several below one null the nearest is the likeliest to have risen so far.
    """
    loose = []
    for error in sorted(list(errors)[:_MOST], key=_depth):
        failure = Failure.of_error(error, subgraph, shown)
        path = error.get("path")
        if not isinstance(path, list) or not _place(data, path, failure):
            loose.append(failure)
    return loose


def _depth(error: Mapping[str, Any]) -> int:
    path = error.get("path")
    return len(path) if isinstance(path, list) else 0


def _place(data: Any, path: Sequence[Any], failure: Failure) -> bool:
    for at, segment in enumerate(path):
        value = _value(data, segment)
        if isinstance(value, Failure):
            also = replace(failure, beyond=_readable(path[at + 1 :]))
            data[segment] = replace(value, also=(*value.also, also))
            return True
        if value is None and _holds(data, segment):
            data[segment] = replace(failure, beyond=_readable(path[at + 1 :]))
            return True
        data = value
    return False


def _value(container: Any, segment: Any) -> Any:
    return container[segment] if _holds(container, segment) else None


def _holds(container: Any, segment: Any) -> bool:
    if isinstance(segment, str):
        return container.__class__ is dict and segment in container
    if container.__class__ is not list or segment.__class__ is not int:
        return False
    return bool(0 <= segment < len(container))


def _readable(path: Sequence[Any]) -> tuple[str | int, ...]:
    """What of a subgraph's path means something to the client."""
    found: list[str | int] = []
    for segment in path:
        if segment.__class__ is not int and not isinstance(segment, str):
            break
        if isinstance(segment, str) and segment.startswith(INTERNAL_PREFIX):
            break
        found.append(segment)
    return tuple(found)
