"""Answers into one tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.executor.failure import Failure
from gateway.plan.fetch import Rename
from gateway.plan.path import Items, Key, OfType, Path

Tree = dict[str, Any]


def merge(target: Tree, source: Mapping[str, Any]) -> None:
    """Objects are merged, lists element by element, everything else is replaced.

    A failure never replaces a value: another subgraph may have answered the same field.
    """
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
        elif known.__class__ is dict and value.__class__ is dict:
            merge(known, value)
        elif known.__class__ is list and value.__class__ is list:
            _merge_lists(known, value)
        elif not isinstance(value, Failure) and value is not None:
            target[key] = value


def _merge_lists(target: list[Any], source: list[Any]) -> None:
    if len(target) != len(source):
        return  # not the same list: what is known stays
    for at, value in enumerate(source):
        known = target[at]
        if known.__class__ is dict and value.__class__ is dict:
            merge(known, value)
        elif known.__class__ is list and value.__class__ is list:
            _merge_lists(known, value)
        elif known is None:
            target[at] = value


def copied(value: Any) -> Any:
    """The same tree with objects and lists of its own."""
    if value.__class__ is dict:
        return {key: copied(each) for key, each in value.items()}
    if value.__class__ is list:
        return [copied(each) for each in value]
    return value


def objects_at(root: Any, path: Path) -> list[Tree]:
    """The objects on a path: lists fan out, null ends a branch."""
    found = [root]
    for segment in path:
        match segment:
            case Key(name):
                found = [each.get(name) for each in found if each.__class__ is dict]
            case Items():
                found = [item for each in found if each.__class__ is list for item in each]
            case OfType(types):
                found = [
                    each
                    for each in found
                    if each.__class__ is dict and each.get("__typename") in types
                ]
    return [each for each in found if each.__class__ is dict]


def rename(answer: Any, renames: Sequence[Rename]) -> None:
    """Give values the keys under which the rest of the gateway knows them."""
    for each in renames:
        for found in objects_at(answer, each.path):
            if each.key in found:
                found[each.name] = found.pop(each.key)
