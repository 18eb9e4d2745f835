"""What each way to answer something costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.graph.model import Entry
from gateway.operation.model import Selection
from gateway.planner.choice import Option
from gateway.planner.solution import Cost, Hop, Need, Routed, total


def cost_of(routed: Routed) -> Cost:
    """A field and all that is below it, where it is answered."""
    below = routed.below
    return Cost(size=1) if below is None else replace(below.cost, size=below.cost.size + 1)


@dataclass(frozen=True, slots=True)
class Prices:
    """`free` are subgraphs that are asked something anyway: nothing is paid for asking more."""

    free: frozenset[str]

    def option(self, entry: Entry | None, needs: tuple[Need, ...], routed: Routed) -> Option:
        """A field where the object is, or through an entry for which this is needed."""
        below = routed.below
        missing: tuple[Selection, ...] = ()
        if below is not None and below.missing:
            missing = (replace(routed.field, selections=below.missing),)
        cost = cost_of(routed)
        if entry is not None:
            above = (source.need for each in routed.given for source in each.sources)
            cost = self._through(entry, (*needs, *above), cost)
        return Option(entry, needs, routed, missing, cost)

    def hop(self, hop: Hop) -> Cost:
        """A move, and what is asked there."""
        return self._through(hop.entry, hop.needs, hop.inner.cost)

    def _through(self, entry: Entry, needs: Sequence[Need], inner: Cost) -> Cost:
        before = total(need.solution.cost for need in needs)
        at = before.rounds
        paid = frozenset[tuple[int, str]]()
        if entry.subgraph not in self.free:
            paid = frozenset({(at, entry.subgraph)})
        return total([before, Cost(paid, at + 1), inner.later(at + 1)])
