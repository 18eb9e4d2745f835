"""The planner's face."""

from typing import Final

from graphql import OperationType

from gateway.errors import NoPlan
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Operation, Selection
from gateway.plan.fetch import Plan
from gateway.planner.arrange import arrange
from gateway.planner.build import Builder
from gateway.planner.conflicts import rename_conflicts
from gateway.planner.draft import Spot
from gateway.planner.fold import fold
from gateway.planner.join import Group, join, melt
from gateway.planner.search import Search

#: Steps of the search: some hundred times what a large page of a large schema takes.
DEFAULT_BUDGET: Final = 50_000


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
    fields = _for_subgraphs(operation)
    spot = Spot()
    spot.claim(operation.selections)
    search, builder = Search(graph, labels, budget), Builder(graph, spot)
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
    return arrange(operation, [_finished(group, graph) for group in groups], fetch_of)


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
    if missing:
        raise NoPlan(f"No subgraph can answer {_coordinate(missing[0])} on this path.")


def _coordinate(selection: Selection) -> str:
    while selection.selections:
        selection = selection.selections[0]
    assert isinstance(selection, Field)
    return f"{selection.parent}.{selection.name}"
