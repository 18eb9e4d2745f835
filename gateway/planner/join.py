"""Steps that can be sent together become one request, as long as nobody waits longer for it.

A step that others do not wait for may be sent later than it could be. Steps to one subgraph
that can be sent in the same round, and of which none needs what another brings, are joined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.planner.document import selection_set
from gateway.planner.draft import Step

#: Beyond so many steps only those that are ready in the same round are joined.
_MOST: Final = 32

Group = list[Step]


def join(steps: Sequence[Step]) -> list[Group]:
    """The steps of each request, in an order in which each follows what it waits for."""
    groups = _Groups(steps)
    if len(steps) <= _MOST:
        rounds = max(groups.earliest(), default=0)
        for one, other in groups.candidates():
            groups.unite(one, other, rounds)
    return groups.ordered()


def melt(group: Group) -> Group:
    """The steps of a request, with those about the same objects made one."""
    kept: Group = []
    for step in group:
        same = next((each for each in kept if each.can_absorb(step)), None)
        if same is None:
            kept.append(step)
        else:
            same.absorb(step)
    return kept


@dataclass(frozen=True, slots=True)
class _Kind:
    """What steps of one request have in common. Only equal root fields go to several places."""

    subgraph: str
    part: int
    root: str


class _Groups:
    """Steps, of which some are sent together. A group is known by the id of one of its steps."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._kinds = [_kind(step) for step in steps]
        first: dict[tuple[int, _Kind], int] = {}
        self._group = {step.id: step.id for step in steps}
        earliest = self.earliest()
        for step, kind in zip(steps, self._kinds, strict=True):
            # Those that are ready in the same round do not wait for each other.
            self._group[step.id] = first.setdefault((earliest[step.id], kind), step.id)

    def candidates(self) -> list[tuple[int, int]]:
        """Pairs of steps that could be sent together; those that are ready together first."""
        earliest = self.earliest()
        pairs = [
            (abs(earliest[one.id] - earliest[other.id]), one.id, other.id)
            for at, one in enumerate(self._steps)
            for other in self._steps[at + 1 :]
            if self._kinds[one.id] == self._kinds[other.id]
        ]
        return [(one, other) for _, one, other in sorted(pairs)]

    def unite(self, one: int, other: int, rounds: int) -> None:
        """Send two together unless that takes more rounds, or one waits for the other."""
        before = dict(self._group)
        kept, joined = self._group[one], self._group[other]
        if kept == joined:
            return
        for id, group in before.items():
            if group == joined:
                self._group[id] = kept
        if max(self.earliest(), default=0) > rounds:
            self._group = before

    def earliest(self) -> list[int]:
        """The round in which each step can be sent. Beyond any if steps wait for each other."""
        needs = self._needs()
        rounds: dict[int, int] = {}
        waiting = dict(needs)
        while waiting:
            ready = [group for group, needed in waiting.items() if needed <= rounds.keys()]
            if not ready:
                return [len(self._steps) + 1]
            for group in ready:
                needed = waiting.pop(group)
                rounds[group] = 1 + max((rounds[each] for each in needed), default=-1)
        return [rounds[self._group[step.id]] for step in self._steps]

    def ordered(self) -> list[Group]:
        """By round."""
        earliest = self.earliest()
        groups: dict[tuple[int, int], Group] = {}
        for step in self._steps:
            key = (earliest[step.id], self._group[step.id])
            groups.setdefault(key, []).append(step)
        return [groups[key] for key in sorted(groups, key=lambda key: key[0])]

    def _needs(self) -> dict[int, set[int]]:
        """The groups that each group waits for."""
        needs: dict[int, set[int]] = {group: set() for group in self._group.values()}
        for step in self._steps:
            needs[self._group[step.id]].update(self._group[each] for each in step.depends_on)
        return needs


def _kind(step: Step) -> _Kind:
    root = selection_set(step.node) if step.is_root else ""
    return _Kind(step.subgraph, step.part, root)
