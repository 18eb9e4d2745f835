"""Small federations: subgraphs with real resolvers, composed, planned and run by the gateway."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gateway import composition
from gateway.documents import Document, Documents
from gateway.errors import RequestError
from gateway.executor.delivery import Increment
from gateway.executor.execution import Executor, Result
from gateway.executor.introspection import asks_about_schema, introspect
from gateway.executor.projection import compile_projection
from gateway.graph.query_graph import QueryGraph
from gateway.operation.limits import Limits
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.fetch import Plan
from gateway.plan.printer import render, rounds
from gateway.planner.planning import plan
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import SubgraphRequest
from tests.support.running_subgraph import NEVER, RunningSubgraph, Subgraph, by, never
from tests.support.subgraphs import a_context

__all__ = ["NEVER", "Answer", "Federation", "Subgraph", "by", "never"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets; errors have the form of GraphQL 7.1.2."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """The code and the place of each error: ("SUBGRAPH_ERROR", "cars.0.owner")."""
        return [
            (error["extensions"]["code"], ".".join(map(str, error.get("path", ()))))
            for error in self.errors
        ]


class Federation:
    """Subgraphs by name, behind one schema.

    `supergraph` is given where composition would refuse. `calls` are the requests sent, in their
    order, to the subgraphs that are `running`; `resolved` counts the fields that subgraphs
    resolved, like "garage.Car.colour".
    """

    def __init__(self, subgraphs: Mapping[str, Subgraph], *, supergraph: str | None = None) -> None:
        sources = tuple((name, f"{each.link}\n{each.sdl}") for name, each in subgraphs.items())
        self.calls: list[SubgraphRequest] = []
        self.resolved: Counter[str] = Counter()
        self.graph = _graph(composed(sources) if supergraph is None else supergraph)
        self._schema = self.graph.supergraph.api_schema
        self._documents = Documents(self._schema, Limits(), introspection=True, size=10)
        self.running = {
            name: RunningSubgraph(name, each, self.calls, self.resolved)
            for name, each in subgraphs.items()
        }
        streams = {name: each.subscribe for name, each in self.running.items()}
        self._executor = Executor(dict(self.running), streams)

    @property
    def asked(self) -> list[str]:
        """The subgraphs that were sent requests, in their order."""
        return [call.subgraph for call in self.calls]

    @property
    def representations(self) -> list[dict[str, Any]]:
        """Every representation that was sent."""
        values = (value for call in self.calls for value in call.variables.values())
        lists = (value for value in values if isinstance(value, list))
        return [each for found in lists for each in found if "__typename" in each]

    def plan(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        labels: Iterable[str] = (),
        *,
        deferring: bool = False,
    ) -> str:
        """The plan as it is printed."""
        return render(self._prepared(text, variables, labels, deferring=deferring)[2])

    def rounds(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        labels: Iterable[str] = (),
    ) -> str:
        """The subgraphs that the plan asks in each round: "a > b+c"."""
        found = rounds(self._prepared(text, variables, labels)[2])
        return " > ".join("+".join(names) for names in found)

    async def answer(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        labels: Iterable[str] = (),
    ) -> Answer:
        """What the client gets, refusals included."""
        try:
            document = self._documents.prepare(text, None)
            values = self._documents.variables(document, variables or {})
            operation, plan = self._planned(document, values, labels)
        except RequestError as error:
            return Answer(None, [dict(each.formatted) for each in error.errors])
        about_schema = {}
        if asks_about_schema(operation):
            about_schema = introspect(self._schema, document.node, document.operation, values)
        projection = compile_projection(operation, self._schema, {})
        result = await self._executor.run(plan, projection, values, a_context(), about_schema)
        return Answer(result.data, result.errors)

    async def parts(
        self, text: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Answer | list[Increment]]:
        """What a client that understands @defer gets, one after the other."""
        values, operation, plan = self._prepared(text, variables, (), deferring=True)
        projections = [
            compile_projection(operation, self._schema, {}, part)
            for part in (None, *operation.parts)
        ]
        async for each in self._executor.deliver(plan, projections, values, a_context()):
            yield Answer(each.data, each.errors) if isinstance(each, Result) else each

    async def events(
        self, text: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Answer]:
        """What a client gets for each event of a subscription."""
        values, operation, plan = self._prepared(text, variables, ())
        projection = compile_projection(operation, self._schema, {})
        async for each in self._executor.subscribe(plan, projection, values, a_context):
            yield Answer(each.data, each.errors)

    def _prepared(
        self,
        text: str,
        variables: Mapping[str, Any] | None,
        labels: Iterable[str],
        *,
        deferring: bool = False,
    ) -> tuple[dict[str, Any], Operation, Plan]:
        document = self._documents.prepare(text, None)
        values = self._documents.variables(document, variables or {})
        return values, *self._planned(document, values, labels, deferring=deferring)

    def _planned(
        self,
        document: Document,
        values: Mapping[str, Any],
        labels: Iterable[str],
        *,
        deferring: bool = False,
    ) -> tuple[Operation, Plan]:
        truths = {name: bool(values.get(name, True)) for name in document.conditions}
        operation = normalise(
            document.node, document.operation, self._schema, truths, deferring=deferring
        )
        return operation, plan(self.graph, operation, labels=frozenset(labels))


@cache
def composed(sources: tuple[tuple[str, str], ...]) -> str:
    """The supergraph of named SDLs that compose."""
    found = composition.compose(
        [composition.Subgraph(name, f"http://{name}", sdl) for name, sdl in sources]
    )
    assert found.supergraph_sdl is not None, "\n".join(map(str, found.errors))
    return found.supergraph_sdl


@cache
def _graph(supergraph: str) -> QueryGraph:
    return QueryGraph(read_supergraph(supergraph))
