"""Values that objects take from those above them (@fromContext)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from gateway.executor.merge import Tree, type_of
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Context
from gateway.plan.path import Items, Key, OfType, Path
from gateway.plan.representation import RequiredField, Requirement

#: Stands for a value that nobody has.
MISSING: Final = object()


def objects_below(root: Any, path: Path) -> Iterator[tuple[Tree, tuple[Any, ...]]]:
    """The objects on a path, each with what was passed on the way: one value a segment."""
    found: list[tuple[Any, tuple[Any, ...]]] = [(root, ())]
    for segment in path:
        found = [(value, (*passed, each)) for each, passed in found for value in _on(each, segment)]
    return ((each, (*passed, each)) for each, passed in found if each.__class__ is dict)


def value_of(context: Context, passed: Sequence[Any]) -> Any:
    """The context's value below these objects, `MISSING` when there is none."""
    for origin in context.origins:
        above = passed[origin.depth]
        if not origin.types or type_of(above) in origin.types:
            return _selected(above, origin.fields)
    return MISSING


def _on(value: Any, segment: Key | Items | OfType) -> Sequence[Any]:
    match segment:
        case Key(name):
            return (value[name],) if value.__class__ is dict and name in value else ()
        case Items():
            return value if value.__class__ is list else ()
        case OfType(types):
            return (value,) if value.__class__ is dict and type_of(value) in types else ()


def _selected(value: Any, fields: Sequence[Requirement]) -> Any:
    """The one leaf that the fields lead to; of a list, that of each element."""
    if value is None:
        return None
    if value.__class__ is list:
        return [_selected(each, fields) for each in value]
    if value.__class__ is not dict:
        return value  # a failure
    for required in sorted(fields, key=_is_typename):
        if not isinstance(required, RequiredField):
            if type_of(value) in required.types:
                return _selected(value, required.selections)
            continue
        below = value.get(required.source, MISSING)
        return _selected(below, required.selections) if required.selections else below
    return None


def _is_typename(required: Requirement) -> bool:
    """The type may have been added by the planner: it counts where nothing else is selected."""
    return isinstance(required, RequiredField) and required.name == TYPENAME
