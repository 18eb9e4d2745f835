"""Plans, made once for each operation, truth of its conditions, denied fields and labels."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from gateway.authorization.coordinates import coordinates
from gateway.authorization.denial import Denial, Denials
from gateway.authorization.filter import permitted
from gateway.authorization.rules import Audience, Authorization
from gateway.cache import Lru
from gateway.documents import Document
from gateway.executor.projection import Projection, compile_projection
from gateway.graph.labels import Labels
from gateway.graph.query_graph import QueryGraph
from gateway.operation.budget import Budget
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.fetch import Plan
from gateway.planner.planning import plan
from gateway.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """An operation ready to run for everybody who is denied the same fields of it.

    `operation` is what the client asked, `plan` leaves out what is denied.
    """

    operation: Operation
    denials: Denials
    plan: Plan
    projection: Projection


@dataclass(frozen=True, slots=True)
class Use:
    """How often an operation was asked for, and all that it takes to plan it anew.

    `true` are the condition variables that were true, `labels` those of @override that were
    active. `audience` stands for all that are denied the same.
    """

    text: str
    name: str | None
    true: frozenset[str]
    labels: frozenset[str]
    audience: Audience
    times: int


@dataclass(frozen=True, slots=True, eq=False)
class _Touched:
    operation: Operation
    coordinates: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    document: Document
    true: frozenset[str]
    labels: frozenset[str]
    audience: Audience


@dataclass(slots=True, eq=False)
class _Kept:
    """A plan, what it was made for first, and how often it was asked for."""

    planned: Planned
    asked: _Asked
    times: int = 0


#: A field is denied for a reason, which the client reads: it is part of what a plan is kept by.
_Denied = frozenset[tuple[tuple[str, str], Denial]]


class Plans:
    """Makes plans over one supergraph and keeps the `size` used last: they hold no request data."""

    def __init__(
        self, supergraph: Supergraph, labels: Labels, budget: Budget, *, size: int
    ) -> None:
        self._budget = budget
        self._graph = QueryGraph(supergraph)
        self._supergraph = supergraph
        self._labels = labels
        self._authorization = Authorization(supergraph)
        self._touched: Lru[tuple[Document, frozenset[str]], _Touched] = Lru(size)
        self._kept: Lru[tuple[_Touched, _Denied, frozenset[str]], _Kept] = Lru(size)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self._supergraph.api_schema

    def of(self, document: Document, variables: Mapping[str, Any], audience: Audience) -> Planned:
        """The operation's plan for this audience. Raises `PlanTooComplex`, `NoPlan`."""
        # Another operation's fragments may have conditions whose variables this one has not.
        true = frozenset(name for name in document.conditions if variables.get(name, True))
        kept = self._find(_Asked(document, true, self._labels.active(), audience))
        kept.times += 1
        return kept.planned

    def most_used(self, number: int) -> list[Use]:
        """What was asked for most; of equals, what was asked for last."""
        most = heapq.nlargest(number, self._kept, key=lambda each: each.times)
        return [_use(each.asked, each.times) for each in most]

    def foresee(self, document: Document, use: Use) -> None:
        """Plan what was used elsewhere, where half its uses count. Raises as `of` does."""
        kept = self._find(_Asked(document, use.true, use.labels, use.audience))
        kept.times += use.times // 2

    def _find(self, asked: _Asked) -> _Kept:
        touched = self._operation(asked.document, asked.true)
        denials = self._authorization.denials(asked.audience)
        denied = {field: denials[field] for field in touched.coordinates.intersection(denials)}
        key = (touched, frozenset(denied.items()), asked.labels)
        kept = self._kept.get(key)
        if kept is None:
            kept = _Kept(self._plan(touched.operation, denied, asked.labels), asked)
            self._kept.put(key, kept)
        return kept

    def _operation(self, document: Document, true: frozenset[str]) -> _Touched:
        key = (document, true)
        touched = self._touched.get(key)
        if touched is None:
            truths = {name: name in true for name in document.conditions}
            operation = normalise(
                document.node,
                document.operation,
                self.api_schema,
                truths,
                most_fields=self._budget.fields,
            )
            touched = _Touched(operation, coordinates(operation, self.api_schema))
            self._touched.put(key, touched)
        return touched

    def _plan(self, operation: Operation, denials: Denials, labels: frozenset[str]) -> Planned:
        allowed = permitted(operation, self.api_schema, denials)
        return Planned(
            operation=operation,
            denials=denials,
            plan=plan(self._graph, allowed, labels=labels, budget=self._budget),
            projection=compile_projection(operation, self.api_schema, denials),
        )


def _use(asked: _Asked, times: int) -> Use:
    document = asked.document
    return Use(document.text, document.name, asked.true, asked.labels, asked.audience, times)
