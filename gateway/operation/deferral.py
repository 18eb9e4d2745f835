"""The parts of an operation that are delivered later: fragments with @defer.

https://spec.graphql.org/draft/#sec--defer
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from graphql import (
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    StringValueNode,
)

from gateway.operation.conditions import truth_of
from gateway.operation.model import Part

#: Response keys from the root, without the indexes of lists.
ResponsePath = tuple[str, ...]

T = TypeVar("T")


class Parts:
    """The parts of one operation, found while it is read. `truths` are those of its variables."""

    def __init__(self, truths: Mapping[str, bool]) -> None:
        self._truths = truths
        self._found: dict[tuple[int, int, ResponsePath], Part] = {}
        self._parents: dict[int, int] = {}

    def all(self) -> tuple[Part, ...]:
        """Each after the part in which it stands."""
        return tuple(self._found.values())

    def of(self, node: SelectionNode, parent: int, path: ResponsePath) -> int:
        """The part of what a fragment selects, which stands in `parent` itself."""
        assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)
        for directive in node.directives or ():
            if directive.name.value == "defer":
                values = {each.name.value: each.value for each in directive.arguments or ()}
                if "if" in values and not truth_of(values["if"], self._truths):
                    return parent
                label = values.get("label")
                text = label.value if isinstance(label, StringValueNode) else None
                return self._part(node, parent, text, path)
        return parent

    def _part(self, node: SelectionNode, parent: int, label: str | None, path: ResponsePath) -> int:
        """One fragment is met once for each type of an interface: it is the same part."""
        key = (id(node), parent, path)
        part = self._found.get(key)
        if part is None:
            part = self._found[key] = Part(len(self._found) + 1, parent, label, path)
            self._parents[part.id] = parent
        return part.id

    def grouped(
        self, items: Sequence[T], part_of: Callable[[T], int]
    ) -> Iterator[tuple[int, list[T]]]:
        """By part; what a part brings is not brought again by one that stands in it."""
        present = dict.fromkeys(map(part_of, items))
        groups: dict[int, list[T]] = {}
        for item in items:
            groups.setdefault(self._first(part_of(item), present), []).append(item)
        yield from groups.items()

    def _first(self, part: int, present: Mapping[int, None]) -> int:
        """The outermost of the parts present in which this one stands, or itself."""
        first = part
        while part:
            part = self._parents[part]
            if part in present:
                first = part
        return first
