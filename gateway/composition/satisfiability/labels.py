"""Which labels of progressive overrides decide where a field can be had."""

from collections.abc import Iterable, Iterator

from gateway.composition.satisfiability.atlas import Atlas
from gateway.composition.satisfiability.selection import SelectedField, SelectedType, Selection


class Labels:
    """Remembers what it has found out.

    The labels of what keys and requirements select count as well. The reference takes a label
    that its walk has not met yet for neither active nor inactive, and so refuses a requirement
    that can be met in both states.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._found: dict[tuple[str, str | None], frozenset[str]] = {}

    def of(self, type: str, field: str | None) -> frozenset[str]:
        """The labels of the field and of all that it may take to come to it.

        Without a field, of what it takes to find a value of the type again.
        """
        if not self._atlas.labels:
            return frozenset()
        if (type, field) not in self._found:
            self._found[type, field] = frozenset(self._search(type, field))
        return self._found[type, field]

    def _search(self, type: str, field: str | None) -> Iterator[str]:
        seen: set[tuple[str, str | None]] = set()
        pending = [(type, field)]
        while pending:
            coordinate = pending.pop()
            if coordinate in seen:
                continue
            seen.add(coordinate)
            yield from self._own(*coordinate)
            pending.extend(self._needed(*coordinate))

    def _own(self, type: str, field: str | None) -> Iterator[str]:
        for name in self._standing_for(type):
            for override in self._atlas.federation.overrides.get((name, field or ""), ()):
                if override.label is not None:
                    yield override.label

    def _needed(self, type: str, field: str | None) -> Iterator[tuple[str, str | None]]:
        """The coordinates of the keys of the type, and of what the field requires."""
        for entry in self._atlas.entries(type):
            yield from self._selected(type, entry.selections)
        for name in self._standing_for(type) if field is not None else ():
            for member in self._atlas.members:
                placed = self._atlas.fields(member, name).get(field or "")
                if placed is not None and placed.requires is not None:
                    yield from self._selected(type, placed.requires)

    def _selected(
        self, type: str, selections: Iterable[Selection]
    ) -> Iterator[tuple[str, str | None]]:
        for selection in selections:
            match selection:
                case SelectedField(name, inner):
                    for each in sorted(self._atlas.possible_types(type) | {type}):
                        composite = self._atlas.schema.composite(each)
                        if composite is not None and name in composite.fields:
                            yield each, name
                            below = self._atlas.type_of(each, name)
                            yield below, None
                            yield from self._selected(below, inner)
                case SelectedType(on, inner):
                    yield from self._selected(on, inner)

    def _standing_for(self, type: str) -> tuple[str, ...]:
        composite = self._atlas.schema.composite(type)
        return (type, *(composite.interfaces if composite is not None else ()))
