"""Arguments that come from an object further up (@context and @fromContext)."""

from collections.abc import Iterator, Sequence

from gateway.graph.query_graph import QueryGraph
from gateway.planner.solution import Given, Need, Source
from gateway.planner.trail import Trail
from gateway.planner.ways import Solve
from gateway.supergraph.model import ContextArgument


def given(
    graph: QueryGraph, arguments: Sequence[ContextArgument], trail: Trail, solve: Solve
) -> tuple[Given, ...] | None:
    """Where each argument's value comes from; None when one of them cannot be had."""
    found = []
    for argument in arguments:
        sources = tuple(_sources(graph, argument, trail, solve))
        if not sources or not sources[-1].covers:
            return None
        found.append(Given(argument, sources))
    return tuple(found)


def _sources(
    graph: QueryGraph, argument: ContextArgument, trail: Trail, solve: Solve
) -> Iterator[Source]:
    """The nearest object that sets the context; one further up as long as types are left."""
    for level in reversed(range(len(trail.above))):
        place = trail.above[level]
        possible = graph.type(place).possible
        types = frozenset(each for each in possible if graph.sets_context(each, argument.context))
        if not types:
            continue
        selections = graph.context_selections(place, argument.selection, types)
        need = Need(selections, solve(place, selections, trail.up_to(level)), optional=True)
        if need.solution.missing:
            return
        covers = types == possible
        yield Source(level, frozenset() if covers else types, need, covers)
        if covers:
            return
