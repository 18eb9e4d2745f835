"""Plans, made once for each operation, truth of its conditions, denied fields and labels."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from gateway.authorization.decisions import Decisions
from gateway.authorization.denial import Denial, Denials
from gateway.authorization.filter import permitted
from gateway.authorization.gates import Gate, gated
from gateway.authorization.inputs import Carried, Inputs
from gateway.authorization.judgement import Judgement, Values, judge
from gateway.authorization.keys import Keys
from gateway.authorization.policies import Policies
from gateway.authorization.rules import Audience, Authorization, Pending
from gateway.authorization.touched import Touched, touched_by
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

    `operation` is what the client asked, `plan` leaves out what is denied. At the `gates` policies
    decide, object by object. `deferred` shape the parts of the operation that are delivered later,
    in their order.
    """

    operation: Operation
    denials: Denials
    plan: Plan
    projection: Projection
    deferred: tuple[Projection, ...] = ()
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """How often an operation was asked for, and all that it takes to plan it anew.

    `true` are the condition variables that were true, `labels` those of @override that were
    active, `carried` what their variables make use of. `judgement` stands for all that are denied
    the same, `view` names what the document was asked of.
    """

    text: str
    name: str | None
    true: frozenset[str]
    labels: frozenset[str]
    judgement: Judgement
    times: int
    view: str = "external"
    carried: Carried = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    document: Document
    true: frozenset[str]
    labels: frozenset[str]
    judgement: Judgement
    deferring: bool = False
    carried: Carried = frozenset()


@dataclass(slots=True, eq=False)
class _Kept:
    """A plan, what it was made for first, and how often it was asked for."""

    planned: Planned
    asked: _Asked
    times: int = 0


#: A field is denied for a reason, which the client reads: it is part of what a plan is kept by.
_Denied = frozenset[tuple[tuple[str, ...], Denial]]
_Gated = frozenset[tuple[tuple[str, str, str], tuple[Pending, ...]]]


class Plans:
    """Makes plans over one supergraph and keeps the `size` used last: they hold no request data."""

    def __init__(
        self,
        supergraph: Supergraph,
        labels: Labels,
        budget: Budget,
        *,
        size: int,
        policies: Policies | None = None,
    ) -> None:
        self._budget = budget
        self._graph = QueryGraph(supergraph)
        self._supergraph = supergraph
        self._labels = labels
        self._keys = Keys(self._graph)
        self._inputs = Inputs(supergraph)
        self.authorization = Authorization(supergraph, policies)
        self._touched: Lru[tuple[Document, frozenset[str], bool, Carried], Touched] = Lru(size)
        self._plans: Lru[tuple[object, ...], tuple[Plan, tuple[Gate, ...]]] = Lru(size)
        self._kept: Lru[tuple[Touched, _Denied, _Gated, frozenset[str]], _Kept] = Lru(size)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self._supergraph.api_schema

    def of(
        self,
        document: Document,
        variables: Mapping[str, Any],
        audience: Audience | Judgement,
        *,
        deferring: bool = False,
    ) -> Planned:
        """The operation's plan for this audience, in parts where it is `deferring` some.

        Where policies have a say it takes their `judge`ment. Raises `PlanTooComplex`, `NoPlan`.
        """
        judgement = audience if isinstance(audience, Judgement) else Judgement(audience)
        true, carried = _true(document, variables), self._carried(document, variables)
        kept = self._find(
            _Asked(document, true, self._labels.active(), judgement, deferring, carried)
        )
        kept.times += 1
        return kept.planned

    async def judge(
        self,
        document: Document,
        variables: Mapping[str, Any],
        audience: Audience,
        decisions: Decisions,
        *,
        deferring: bool = False,
    ) -> Judgement:
        """What the audience is denied, for all that can be said before anything is fetched."""
        true, carried = _true(document, variables), self._carried(document, variables)
        touched = self._operation(document, true, deferring, carried)
        if not touched.uses and not touched.caller_policies:
            return Judgement(audience)
        values = Values(document.schema, variables)
        return await judge(touched, audience, self.authorization, decisions, self._keys, values)

    def most_used(self, number: int) -> list[Use]:
        """What was asked for most; of equals, what was asked for last."""
        most = heapq.nlargest(number, self._kept, key=lambda each: each.times)
        return [_use(each.asked, each.times) for each in most]

    def foresee(self, document: Document, use: Use) -> None:
        """Plan what was used elsewhere, where half its uses count. Raises as `of` does."""
        kept = self._find(
            _Asked(document, use.true, use.labels, use.judgement, carried=use.carried)
        )
        kept.times += use.times // 2

    def _find(self, asked: _Asked) -> _Kept:
        touched = self._operation(asked.document, asked.true, asked.deferring, asked.carried)
        judgement = asked.judgement
        everywhere = self.authorization.denials(judgement.audience)
        denied: dict[tuple[str, ...], Denial] = {
            field: everywhere[field] for field in touched.coordinates.intersection(everywhere)
        }
        denied |= judgement.denials
        key = (
            touched,
            frozenset(denied.items()),
            frozenset(judgement.gates.items()),
            asked.labels,
        )
        kept = self._kept.get(key)
        if kept is None:
            planned = self._planned(touched, asked, denied)
            kept = _Kept(planned, asked)
            self._kept.put(key, kept)
        return kept

    def _operation(
        self, document: Document, true: frozenset[str], deferring: bool, carried: Carried
    ) -> Touched:
        key = (document, true, deferring, carried)
        touched = self._touched.get(key)
        if touched is None:
            truths = {name: name in true for name in document.conditions}
            operation = normalise(
                document.node,
                document.operation,
                document.schema,
                truths,
                deferring=deferring,
                most_fields=self._budget.fields,
            )
            touched = touched_by(
                operation, document.schema, self.authorization, self._inputs, carried
            )
            self._touched.put(key, touched)
        return touched

    def _carried(self, document: Document, variables: Mapping[str, Any]) -> Carried:
        return self._inputs.carried(document.operation, variables)

    def _planned(self, touched: Touched, asked: _Asked, denials: Denials) -> Planned:
        document, gates, operation = asked.document, asked.judgement.gates, touched.operation
        plan, found = self._plan(touched, asked, denials)
        projections = [
            compile_projection(
                operation, document.schema, denials, part, gates=gates, telling=document.telling
            )
            for part in (None, *operation.parts)
        ]
        first, *deferred = projections
        return Planned(operation, denials, plan, first, tuple(deferred), found)

    def _plan(
        self, touched: Touched, asked: _Asked, denials: Denials
    ) -> tuple[Plan, tuple[Gate, ...]]:
        """One for all who are denied the same fields, whatever each of them lacks."""
        gates, schema = asked.judgement.gates, asked.document.schema
        key = (touched, frozenset(denials), frozenset(gates.items()), asked.labels)
        kept = self._plans.get(key)
        if kept is None:
            allowed = permitted(touched.operation, schema, denials)
            asking, found = gated(allowed, schema, gates, self._keys)
            kept = plan(self._graph, asking, labels=asked.labels, budget=self._budget), found
            self._plans.put(key, kept)
        return kept


def _true(document: Document, variables: Mapping[str, Any]) -> frozenset[str]:
    """Another operation's fragments may have conditions whose variables this one has not."""
    return frozenset(name for name in document.conditions if variables.get(name, True))


def _use(asked: _Asked, times: int) -> Use:
    document = asked.document
    return Use(
        document.text,
        document.name,
        asked.true,
        asked.labels,
        asked.judgement,
        times,
        document.view,
        asked.carried,
    )
