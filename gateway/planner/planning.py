"""The planner's face."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from gateway.errors import NoPlan, PlanTooComplex
from gateway.graph.query_graph import QueryGraph
from gateway.operation.budget import Budget
from gateway.operation.model import Operation
from gateway.plan.fetch import Plan
from gateway.plan.printer import rounds
from gateway.planner.attempt import Observer, attempt
from gateway.planner.search import Search
from gateway.planner.spending import Spending

DEFAULT_BUDGET: Final = Budget()

#: How often keys may need other keys: at first, and where that finds no way.
_DEPTH: Final = 4
_DEEPEST: Final = 40


def plan(
    graph: QueryGraph,
    operation: Operation,
    *,
    labels: frozenset[str] = frozenset(),
    budget: Budget = DEFAULT_BUDGET,
) -> Plan:
    """The fewest requests found that answer the operation.

    `labels` are the active ones of progressive @overrides. Raises `NoPlan` when a field cannot
    be reached, `PlanTooComplex` when that takes more than the budget.
    """
    return _best(graph, operation, labels, budget)[0]


def explain(
    graph: QueryGraph,
    operation: Operation,
    observer: Observer,
    *,
    labels: frozenset[str] = frozenset(),
    budget: Budget = DEFAULT_BUDGET,
) -> Plan:
    """The same plan, made once more before the eyes of an observer. Raises as `plan` does."""
    _, view = _best(graph, operation, labels, budget)
    return attempt(graph, operation, view.search(graph, labels, Spending(budget)), observer)


@dataclass(frozen=True, slots=True)
class _View:
    """What a search assumes: which subgraphs are free, how far keys lead to other keys."""

    free: frozenset[str] = frozenset()
    depth: int = _DEPTH

    def search(self, graph: QueryGraph, labels: frozenset[str], spending: Spending) -> Search:
        return Search(graph, labels, spending, self.free, self.depth)


def _best(
    graph: QueryGraph, operation: Operation, labels: frozenset[str], budget: Budget
) -> tuple[Plan, _View]:
    spending = Spending(budget)
    best = view = _View()
    search = view.search(graph, labels, spending)
    try:
        found = attempt(graph, operation, search)
    except NoPlan:
        if not search.was_cut:
            raise
        best = view = _View(depth=_DEEPEST)
        search = view.search(graph, labels, spending)
        found = _deepest(graph, operation, search)
    for free in _assumptions(found, search):
        if not spending.plan():
            break
        again = replace(view, free=free)
        try:
            other = attempt(graph, operation, again.search(graph, labels, spending))
        except (NoPlan, PlanTooComplex):
            break  # what was found already is a good plan
        if _cost(other) < _cost(found):
            found, best = other, again
    return found, best


def _deepest(graph: QueryGraph, operation: Operation, search: Search) -> Plan:
    try:
        return attempt(graph, operation, search)
    except NoPlan as error:
        if not search.was_cut:
            raise
        reason = f"Keys need other keys more than {_DEEPEST} times. {error}"
        raise PlanTooComplex(reason) from error


def _assumptions(found: Plan, search: Search) -> Iterator[frozenset[str]]:
    """What may be taken for free when an object chooses which subgraph it asks.

    It does not see what the rest of the operation asks: that is known after a first attempt.
    """
    used = frozenset(fetch.subgraph for fetch in found.fetches)
    if len(found.fetches) > 1 and search.contested:
        yield used
        for subgraph in sorted(search.contested & used):
            yield used - {subgraph}


def _cost(plan: Plan) -> tuple[int, int]:
    return len(plan.fetches), len(rounds(plan))
