"""Answers into one tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.errors import SubgraphBadAnswer
from gateway.executor.failure import Failure
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Rename
from gateway.plan.path import Items, Key, OfType, Path

Tree = dict[str, Any]

_DISAGREEMENT: Final = Failure(
    "Two services answered with lists of different length.", SubgraphBadAnswer.code, ""
)

#: Why an object lacks fields, by its identity: a request that should have brought them failed.
Gaps = dict[int, Failure]


def merge(target: Tree, source: Mapping[str, Any], gaps: Gaps) -> None:
    """Objects are merged, lists element by element, everything else is replaced.

    A failure never replaces a value: another subgraph may have answered the same field. What is
    missing in an object that it answered is then a gap.
    """
    gap = gaps.get(id(target))
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
            if gap is not None:
                note_gaps(value, gap.alone(), gaps)
        elif known.__class__ is dict and value.__class__ is dict:
            merge(known, value, gaps)
        elif known.__class__ is list and value.__class__ is list:
            _merge_lists(known, value, gaps)
        elif isinstance(value, Failure):
            note_gaps(known, value, gaps)
        elif value is not None:
            target[key] = value
            if isinstance(known, Failure):
                note_gaps(value, known, gaps)


def note_gaps(value: Any, failure: Failure, gaps: Gaps) -> None:
    """The objects in `value` may lack fields because of this failure."""
    if value.__class__ is dict:
        below = failure.below()
        gaps.setdefault(id(value), below if failure.lost else failure)
        for each in value.values():
            note_gaps(each, below, gaps)
    elif value.__class__ is list:
        below = failure.below()
        for each in value:
            note_gaps(each, below, gaps)


def _merge_lists(target: list[Any], source: list[Any], gaps: Gaps) -> None:
    if len(target) != len(source):
        # Not the same list. The longer one stays, whoever answered first, and says what it lacks.
        if len(source) > len(target):
            target[:] = source
        note_gaps(target, _DISAGREEMENT, gaps)
        return
    for at, value in enumerate(source):
        known = target[at]
        if known.__class__ is dict and value.__class__ is dict:
            merge(known, value, gaps)
        elif known.__class__ is list and value.__class__ is list:
            _merge_lists(known, value, gaps)
        elif known is None:
            target[at] = value
        elif isinstance(value, Failure):
            note_gaps(known, value, gaps)


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
                    each for each in found if each.__class__ is dict and type_of(each) in types
                ]
    return [each for each in found if each.__class__ is dict]


def type_of(value: Mapping[str, Any]) -> str | None:
    """An object's `__typename`, if it is one."""
    name = value.get(TYPENAME)
    return name if name.__class__ is str else None


def rename(answer: Any, renames: Sequence[Rename]) -> None:
    """Give values the keys under which the rest of the gateway knows them."""
    for each in renames:
        for found in objects_at(answer, each.path):
            if each.key in found:
                found[each.name] = found.pop(each.key)
