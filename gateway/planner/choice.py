"""Which of a field's possible ways is taken, seen together with those of its neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.graph.model import Entry
from gateway.operation.model import Selection
from gateway.operation.selections import count
from gateway.planner.solution import Cost, Need, Routed, total

_MOST_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer one field: where it is, without `entry`, or through an entry."""

    entry: Entry | None
    needs: tuple[Need, ...]
    routed: Routed
    missing: tuple[Selection, ...]
    cost: Cost

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """By which a single field's options are compared."""
        return (count(self.missing), *self.cost.weight)


Choice = tuple[Option, ...]


def choose(options: Sequence[Sequence[Option]]) -> Choice:
    """One option for each field, so that all together need few requests.

    The search is bounded: it starts from each field's own best and from everything in one
    subgraph, and changes one field at a time while that helps.
    """
    first = tuple(min(each, key=lambda option: option.weight) for each in options)
    if all(len(each) == 1 for each in options) or not _weight(first)[1]:
        return first
    return min((_improved(start, options) for start in _starts(first, options)), key=_weight)


def _starts(first: Choice, options: Sequence[Sequence[Option]]) -> Iterator[Choice]:
    yield first
    entries = {option.entry: None for each in options for option in each}
    for entry in entries:
        yield tuple(
            next((option for option in each if option.entry == entry), own)
            for each, own in zip(options, first, strict=True)
        )


def _improved(start: Choice, options: Sequence[Sequence[Option]]) -> Choice:
    best, weight = start, _weight(start)
    for _ in range(_MOST_ROUNDS):
        before = weight
        for at, each in enumerate(options):
            for option in each:
                changed = (*best[:at], option, *best[at + 1 :])
                if _weight(changed) < weight:
                    best, weight = changed, _weight(changed)
        if weight == before:
            break
    return best


def _weight(choice: Choice) -> tuple[int, int, int, int]:
    cost = total(option.cost for option in choice)
    return (sum(count(option.missing) for option in choice), *cost.weight)
