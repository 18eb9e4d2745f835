"""Plans, made once for each operation, truth of its conditions, and set of denied fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from gateway.authorization.coordinates import coordinates
from gateway.authorization.denial import Denials
from gateway.authorization.filter import permitted
from gateway.cache import Lru
from gateway.documents import Document
from gateway.executor.projection import Projection, compile_projection
from gateway.graph.query_graph import QueryGraph
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


@dataclass(frozen=True, slots=True, eq=False)
class _Touched:
    operation: Operation
    coordinates: frozenset[tuple[str, str]]


class Plans:
    """Makes plans over one supergraph and keeps the `size` used last: they hold no request data."""

    def __init__(self, supergraph: Supergraph, *, size: int) -> None:
        self._graph = QueryGraph(supergraph)
        self._supergraph = supergraph
        self._touched: Lru[tuple[Document, frozenset[str]], _Touched] = Lru(size)
        self._planned: Lru[tuple[_Touched, frozenset[tuple[str, str]]], Planned] = Lru(size)

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self._supergraph.api_schema

    def of(self, document: Document, variables: Mapping[str, Any], denials: Denials) -> Planned:
        """The plan of this operation. Raises `PlanTooComplex`, `NoPlan`."""
        touched = self._operation(document, variables)
        denied = touched.coordinates.intersection(denials)
        key = (touched, denied)
        planned = self._planned.get(key)
        if planned is None:
            planned = self._plan(touched, {field: denials[field] for field in denied})
            self._planned.put(key, planned)
        return planned

    def _operation(self, document: Document, variables: Mapping[str, Any]) -> _Touched:
        true = frozenset(name for name in document.conditions if variables[name])
        key = (document, true)
        touched = self._touched.get(key)
        if touched is None:
            truths = {name: name in true for name in document.conditions}
            operation = normalise(document.node, document.operation, self.api_schema, truths)
            touched = _Touched(operation, coordinates(operation, self.api_schema))
            self._touched.put(key, touched)
        return touched

    def _plan(self, touched: _Touched, denials: Denials) -> Planned:
        operation = touched.operation
        allowed = permitted(operation, self.api_schema, denials)
        return Planned(
            operation=operation,
            denials=denials,
            plan=plan(self._graph, allowed),
            projection=compile_projection(operation, self.api_schema, denials),
        )
