"""The ways from an object into other subgraphs."""

from collections.abc import Callable, Iterator, Sequence

from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Selection
from gateway.planner.solution import Need, Solution
from gateway.planner.trail import Trail

Solve = Callable[[Place, Sequence[Selection], Trail], Solution]

#: An entry, and what must be known of the object to come in by it.
Way = tuple[Entry, Need]


class Ways:
    """Finds them with the search itself, which must be able to answer an entry's key.

    Keys that need other keys are followed `depth` times; `was_cut` tells that there was more.
    """

    def __init__(self, graph: QueryGraph, solve: Solve, depth: int) -> None:
        self.was_cut = False
        self._graph = graph
        self._solve = solve
        self._depth = depth
        self._known: dict[tuple[Place, Place, Trail], Way | None] = {}

    def targets(self, place: Place, trail: Trail) -> Iterator[Place]:
        """The other places of an object that could be entered if a key can be had."""
        return (
            target
            for target in self._graph.targets(place.type)
            if (target.subgraph, target.type) not in trail.excluded
        )

    def to(self, target: Place, place: Place, trail: Trail) -> Way | None:
        """The way into the target whose key costs least."""
        key = (target, place, trail)
        if key not in self._known:
            self._known[key] = self._find(target, place, trail)
        return self._known[key]

    def _find(self, target: Place, place: Place, trail: Trail) -> Way | None:
        if len(trail.excluded) > self._depth:
            self.was_cut = True
            return None
        best: Way | None = None
        for entry in self._graph.targets(place.type)[target]:
            if self._is_circular(place, entry, trail):
                continue
            need = self._key(place, entry, trail)
            if not need.solution.missing and (best is None or _lighter(need, best[1])):
                best = entry, need
            if best is not None and not best[1].solution.cost.rounds:
                break  # no key is cheaper than one at hand
        return best

    def _key(self, place: Place, entry: Entry, trail: Trail) -> Need:
        marked = trail.without((entry.subgraph, entry.type), _leaves(entry))
        return Need(entry.key, self._solve(place, entry.key, marked), optional=False)

    def _is_circular(self, place: Place, entry: Entry, trail: Trail) -> bool:
        """Whether the key needs what is being looked for, and the place does not have it."""
        return any(self._graph.field(place, name) is None for name in trail.wanted & _leaves(entry))


def _leaves(entry: Entry) -> frozenset[str]:
    fields = (each for each in entry.key if isinstance(each, Field) and not each.selections)
    return frozenset(field.name for field in fields)


def _lighter(one: Need, other: Need) -> bool:
    return one.solution.cost.weight < other.solution.cost.weight
