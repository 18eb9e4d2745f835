"""Which of a field's possible ways is taken, seen together with those of its neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.graph.model import Entry
from gateway.operation.model import Selection
from gateway.operation.selections import count
from gateway.planner.solution import Cost, Need, Routed, total

_MOST_ROUNDS: Final = 4
_MOST_TRIES: Final = 400


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
    subgraph, and changes one field at a time while that helps. Fields that can be answered in
    the same ways at the same cost are taken together.
    """
    if all(len(each) == 1 for each in options):
        return tuple(each[0] for each in options)
    kinds: dict[tuple[object, ...], list[int]] = {}
    for at, each in enumerate(options):
        kinds.setdefault(tuple(map(_alike, each)), []).append(at)
    best = _best([options[members[0]] for members in kinds.values()])
    chosen: dict[int, Option] = {}
    for taken, members in zip(best, kinds.values(), strict=True):
        way = next(n for n, each in enumerate(options[members[0]]) if each is taken)
        chosen |= {at: options[at][way] for at in members}
    return tuple(chosen[at] for at in range(len(options)))


def _alike(option: Option) -> tuple[object, ...]:
    """By which options of several fields are the same to the choice."""
    return (option.entry, option.cost.requests, option.cost.rounds, count(option.missing))


def _best(options: Sequence[Sequence[Option]]) -> Choice:
    first = tuple(min(each, key=lambda option: option.weight) for each in options)
    if not _weight(first)[1]:
        return first
    tries = _Tries(_MOST_TRIES)
    return min((_improved(start, options, tries) for start in _starts(first, options)), key=_weight)


@dataclass(slots=True)
class _Tries:
    """How many changes may still be tried."""

    left: int


def _starts(first: Choice, options: Sequence[Sequence[Option]]) -> Iterator[Choice]:
    yield first
    entries = {option.entry: None for each in options for option in each}
    for entry in entries:
        yield tuple(
            next((option for option in each if option.entry == entry), own)
            for each, own in zip(options, first, strict=True)
        )


def _improved(start: Choice, options: Sequence[Sequence[Option]], tries: _Tries) -> Choice:
    best, weight = start, _weight(start)
    for _ in range(_MOST_ROUNDS):
        before = weight
        for at, each in enumerate(options):
            for option in each:
                if option is best[at]:
                    continue
                tries.left -= 1
                if tries.left < 0:
                    return best
                changed = (*best[:at], option, *best[at + 1 :])
                if _weight(changed) < weight:
                    best, weight = changed, _weight(changed)
        if weight == before:
            break
    return best


def _weight(choice: Choice) -> tuple[int, int, int, int]:
    cost = total(option.cost for option in choice)
    return (sum(count(option.missing) for option in choice), *cost.weight)
