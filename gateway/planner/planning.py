"""The planner's face."""

from collections.abc import Iterator
from typing import Final

from graphql import OperationType

from gateway.errors import NoPlan, PlanTooComplex
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Operation, Selection
from gateway.plan.fetch import Plan
from gateway.plan.printer import rounds
from gateway.planner.arrange import arrange
from gateway.planner.build import Builder
from gateway.planner.conflicts import rename_conflicts
from gateway.planner.draft import Spot
from gateway.planner.fold import fold
from gateway.planner.join import Group, join, melt
from gateway.planner.search import Search

#: Steps of the search: twelve times what a large page takes, and well under a tenth of a second.
DEFAULT_BUDGET: Final = 2_500

_MOST_ATTEMPTS: Final = 6

#: How often keys may need other keys, where the usual depth finds no way.
_DEEPEST: Final = 40


def plan(
    graph: QueryGraph,
    operation: Operation,
    *,
    labels: frozenset[str] = frozenset(),
    budget: int = DEFAULT_BUDGET,
) -> Plan:
    """The fewest requests found that answer the operation.

    `labels` are the active ones of progressive @overrides. Raises `NoPlan` when a field cannot
    be reached, `PlanTooComplex` when the search takes more than `budget` steps.
    """
    search = Search(graph, labels, budget)
    try:
        best = _attempt(graph, operation, search)
    except NoPlan:
        if not search.was_cut:
            raise
        search = Search(graph, labels, search.left, depth=_DEEPEST)
        best = _attempt(graph, operation, search)
    for free in _assumptions(best, search):
        again = Search(graph, labels, search.left, free)
        try:
            best = min(best, _attempt(graph, operation, again), key=_cost)
        except (NoPlan, PlanTooComplex):
            break  # the first attempt's is a good plan
        search.left = again.left
    return best


def _assumptions(found: Plan, search: Search) -> Iterator[frozenset[str]]:
    """What may be taken for free when an object chooses which subgraph it asks.

    It does not see what the rest of the operation asks: that is known after a first attempt.
    """
    used = frozenset(fetch.subgraph for fetch in found.fetches)
    if len(found.fetches) > 1 and search.contested:
        yield used
        for subgraph in sorted(search.contested & used)[:_MOST_ATTEMPTS]:
            yield used - {subgraph}


def _cost(plan: Plan) -> tuple[int, int]:
    return len(plan.fetches), len(rounds(plan))


def _attempt(graph: QueryGraph, operation: Operation, search: Search) -> Plan:
    fields = _for_subgraphs(operation)
    spot = Spot()
    spot.claim(operation.selections)
    builder = Builder(graph, spot)
    if operation.kind is OperationType.MUTATION:
        solutions = [search.root(operation.kind, [field]) for field in fields]
        for solution in solutions:
            _require_complete(solution.missing)
        builder.mutation([hop for solution in solutions for hop in solution.hops])
    else:
        solution = search.root(operation.kind, fields)
        _require_complete(solution.missing)
        builder.query(solution, operation.kind)
    groups = join(builder.steps)
    fetch_of = {step.id: id for id, group in enumerate(groups) for step in group}
    finished = [_finished(group, graph) for group in groups]
    return arrange(operation, finished, fetch_of, graph.vital(operation))


def _finished(group: Group, graph: QueryGraph) -> Group:
    """The steps of one request as they are sent."""
    steps = melt(group)
    for step in steps:
        subgraph = graph.supergraph.subgraphs[step.subgraph]
        fold(step.node, subgraph)
        step.renames = rename_conflicts(step, subgraph)
    return steps


def _for_subgraphs(operation: Operation) -> list[Field]:
    """Introspection and the root's type are the gateway's own to answer."""
    return [field for field in operation.roots if not field.name.startswith("__")]


def _require_complete(missing: tuple[Selection, ...]) -> None:
    if not missing:
        return
    coordinate = _coordinate(missing[0])
    if ".__" in coordinate:
        raise NoPlan(f"{coordinate} is answered at the root of a query only.")
    raise NoPlan(f"No subgraph can answer {coordinate} on this path.")


def _coordinate(selection: Selection) -> str:
    while selection.selections:
        selection = selection.selections[0]
    assert isinstance(selection, Field)
    return f"{selection.parent}.{selection.name}"
