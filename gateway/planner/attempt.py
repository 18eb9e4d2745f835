"""One way to plan an operation, stage by stage: search, write, join, finish, arrange."""

from collections.abc import Sequence

from graphql import OperationType

from gateway.errors import NoPlan
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Operation, Selection
from gateway.plan.fetch import Plan
from gateway.planner.arrange import arrange
from gateway.planner.build import Builder
from gateway.planner.conflicts import rename_conflicts
from gateway.planner.draft import Spot, Step
from gateway.planner.fold import fold
from gateway.planner.join import Group, join, melt
from gateway.planner.search import Search
from gateway.planner.solution import Solution


class Observer:
    """Is shown what each stage made, before the next one changes it."""

    def solved(self, solutions: Sequence[Solution]) -> None:
        """Who answers what: one solution, or one for each root field of a mutation."""

    def written(self, steps: Sequence[Step]) -> None:
        """What is asked of whom, about which objects."""

    def joined(self, groups: Sequence[Group]) -> None:
        """Which steps are sent together."""

    def finished(self, groups: Sequence[Group]) -> None:
        """The steps as they are sent: melted, folded, conflicting keys renamed."""


_NOBODY = Observer()


def attempt(
    graph: QueryGraph, operation: Operation, search: Search, observer: Observer = _NOBODY
) -> Plan:
    """The plan that this search leads to. Raises `NoPlan`, `PlanTooComplex`."""
    solutions = _solutions(operation, search)
    observer.solved(solutions)
    steps = _steps(graph, operation, solutions)
    observer.written(steps)
    groups = join(steps)
    observer.joined(groups)
    fetch_of = {step.id: id for id, group in enumerate(groups) for step in group}
    finished = [_finished(group, graph) for group in groups]
    observer.finished(finished)
    return arrange(operation, finished, fetch_of, graph.vital(operation))


def _solutions(operation: Operation, search: Search) -> list[Solution]:
    fields = _for_subgraphs(operation)
    if operation.kind is OperationType.MUTATION:
        solutions = [search.root(operation.kind, [field]) for field in fields]
    else:
        solutions = [search.root(operation.kind, fields)]
    for solution in solutions:
        _require_complete(solution.missing)
    return solutions


def _steps(
    graph: QueryGraph, operation: Operation, solutions: Sequence[Solution]
) -> Sequence[Step]:
    spot = Spot()
    spot.claim(operation.selections)
    builder = Builder(graph, spot)
    if operation.kind is OperationType.MUTATION:
        builder.mutation([hop for solution in solutions for hop in solution.hops])
    else:
        [solution] = solutions
        builder.query(solution, operation.kind)
    return builder.steps


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
