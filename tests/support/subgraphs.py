"""Subgraphs that answer by script, and operations run over them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.authorization.denial import Denials
from gateway.authorization.filter import permitted
from gateway.executor.execution import Executor, Result
from gateway.executor.projection import compile_projection
from gateway.planner.planning import plan
from gateway.transport.request import RequestContext, Send, SubgraphRequest
from tests.support.plans import graph_of, operation_of

Answer = Mapping[str, Any] | Exception


@dataclass(slots=True)
class Scripted:
    """Gives its answers one after the other, and keeps what it was asked."""

    answers: list[Answer]
    requests: list[SubgraphRequest] = field(default_factory=list)

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """The next answer."""
        self.requests.append(request)
        answer = self.answers[len(self.requests) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def a_context() -> RequestContext:
    """Of a caller without credentials, who has a minute."""
    return RequestContext(None, None, asyncio.get_running_loop().time() + 60)


async def run(
    supergraph: str,
    text: str,
    subgraphs: Mapping[str, Send],
    *,
    variables: Mapping[str, Any] | None = None,
    denials: Denials | None = None,
) -> Result:
    """Plan an operation over a kept supergraph and run it."""
    graph = graph_of(supergraph)
    schema = graph.supergraph.api_schema
    operation = operation_of(text, schema)
    projection = compile_projection(operation, schema, denials or {})
    allowed = permitted(operation, schema, denials or {})
    executor = Executor(subgraphs)
    return await executor.run(plan(graph, allowed), projection, variables or {}, a_context())


def entities(*answers: Any) -> dict[str, Any]:
    """An answer about entities, in the order of the representations."""
    return {"data": {"_entities": list(answers)}}


def data(**fields: Any) -> dict[str, Any]:
    """An answer about root fields."""
    return {"data": fields}
