"""The ways from an object into other subgraphs."""

from collections.abc import Callable, Sequence

from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Selection
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
        self._known: dict[tuple[Place, Trail], Sequence[Way]] = {}

    def of(self, place: Place, trail: Trail) -> Sequence[Way]:
        """One way into each other place of this object: the one whose key costs least."""
        known = self._known.get((place, trail))
        if known is None:
            known = self._known[place, trail] = self._find(place, trail)
        return known

    def _find(self, place: Place, trail: Trail) -> Sequence[Way]:
        if len(trail.excluded) > self._depth:
            self.was_cut = True
            return ()
        best: dict[tuple[str, str], Way] = {}
        for entry in self._graph.entries(place.type):
            target = (entry.subgraph, entry.type)
            known = best.get(target)
            is_at_hand = known is not None and not known[1].solution.cost.rounds
            if target in trail.excluded or is_at_hand:
                continue
            need = self._key(place, entry, trail)
            if not need.solution.missing and (known is None or _lighter(need, known[1])):
                best[target] = entry, need
        return tuple(best.values())

    def _key(self, place: Place, entry: Entry, trail: Trail) -> Need:
        marked = trail.without((entry.subgraph, entry.type))
        return Need(entry.key, self._solve(place, entry.key, marked), optional=False)


def _lighter(one: Need, other: Need) -> bool:
    return one.solution.cost.weight < other.solution.cost.weight
