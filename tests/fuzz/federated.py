"""The gateway over a universe, as it runs for clients, without a network."""

import asyncio
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.documents import Document, Documents
from gateway.errors import SubgraphUnavailable
from gateway.executor.delivery import Increment
from gateway.executor.execution import Executor, Result
from gateway.executor.introspection import asks_about_schema, introspect
from gateway.executor.projection import compile_projection
from gateway.graph.query_graph import QueryGraph
from gateway.operation.limits import Limits
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.fetch import Plan
from gateway.planner.planning import plan
from gateway.transport.request import RequestContext, Send, SubgraphRequest
from tests.fuzz.operations import Asked
from tests.support.course import Course
from tests.support.universe import Universe

_KEPT: Final = 10
_SECONDS: Final = 60
#: One request in so many fails.
_FAILING: Final = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets."""

    data: Any
    errors: Sequence[Mapping[str, Any]]

    def shown(self) -> dict[str, Any]:
        """As it is sent."""
        return {"data": self.data, "errors": self.errors}


class Federated:
    """Plans and runs operations over one universe."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._graph = QueryGraph(universe.supergraph)
        self._documents = Documents(universe.api_schema, Limits(), introspection=True, size=_KEPT)

    def plan(self, asked: Asked) -> Plan:
        """Raises `RequestError`."""
        return self._prepared(asked).plan

    async def answer(self, asked: Asked, faults: int | None = None) -> Answer:
        """With `faults` some requests fail: which ones follows from the number.

        Raises `RequestError`, and `Misuse` of a subgraph.
        """
        prepared = self._prepared(asked)
        schema = self._universe.api_schema
        sends = self._universe.sends(Course(asked.labels))
        network = _Network(sends, faults)
        result = await Executor(dict.fromkeys(sends, network.send)).run(
            prepared.plan,
            compile_projection(prepared.operation, schema, {}),
            prepared.variables,
            RequestContext(None, None, asyncio.get_running_loop().time() + _SECONDS),
            self._about_schema(prepared),
        )
        return Answer(result.data, result.errors)

    async def delivered(self, asked: Asked) -> Answer:
        """What a client has that puts the parts of the answer together. Raises as `answer` does."""
        prepared = self._prepared(asked, deferring=True)
        schema, operation = self._universe.api_schema, prepared.operation
        projections = [
            compile_projection(operation, schema, {}, part) for part in (None, *operation.parts)
        ]
        parts = Executor(self._universe.sends(Course(asked.labels))).deliver(
            prepared.plan,
            projections,
            prepared.variables,
            RequestContext(None, None, asyncio.get_running_loop().time() + _SECONDS),
            self._about_schema(prepared),
        )
        data: Any = None
        errors: list[Mapping[str, Any]] = []
        async for part in parts:
            if isinstance(part, Result):
                data = part.data
                errors += part.errors
                continue
            for increment in part:
                _put(data, increment)
                errors += increment.errors
        return Answer(data, errors)

    def _about_schema(self, prepared: "_Prepared") -> Mapping[str, Any]:
        if not asks_about_schema(prepared.operation):
            return {}
        document, schema = prepared.document, self._universe.api_schema
        return introspect(schema, document.node, document.operation, prepared.variables)

    def _prepared(self, asked: Asked, *, deferring: bool = False) -> "_Prepared":
        document = self._documents.prepare(asked.text, None)
        variables = self._documents.variables(document, asked.variables)
        truths = {name: variables[name] for name in document.conditions}
        operation = normalise(
            document.node,
            document.operation,
            self._universe.api_schema,
            truths,
            deferring=deferring,
        )
        made = plan(self._graph, operation, labels=asked.labels)
        return _Prepared(document, variables, operation, made)


def _put(data: Any, increment: Increment) -> None:
    """An increment where it belongs; its keys were not there before."""
    target = data
    for segment in increment.path:
        target = target[segment]
    _grow(target, increment.data or {})


def _grow(target: dict[str, Any], data: Mapping[str, Any]) -> None:
    for key, value in data.items():
        known = target.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _grow(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            _grow_list(known, value)
        else:
            assert key not in target or known == value, f"{key} is delivered twice"
            target[key] = value


def _grow_list(target: list[Any], data: Sequence[Any]) -> None:
    for known, value in zip(target, data, strict=True):
        if isinstance(known, dict) and isinstance(value, dict):
            _grow(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            _grow_list(known, value)


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: Document
    variables: dict[str, Any]
    operation: Operation
    plan: Plan


@dataclass(slots=True)
class _Network:
    """What lies between the gateway and the subgraphs."""

    sends: Mapping[str, Send]
    faults: int | None

    async def send(self, request: SubgraphRequest) -> Mapping[str, Any]:
        if self.faults is not None and self._fails(request):
            raise SubgraphUnavailable(request.subgraph, "the line is cut")
        answer = await self.sends[request.subgraph](request)
        read: dict[str, Any] = json.loads(json.dumps(answer))
        return read

    def _fails(self, request: SubgraphRequest) -> bool:
        text = f"{self.faults}{request.subgraph}{request.document}"
        return zlib.crc32(text.encode()) % _FAILING == 0
