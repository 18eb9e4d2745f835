"""One request, from its text to its answer."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema, OperationType
from opentelemetry import trace
from strawberry.types.execution import ExecutionResult

from gateway.authorization.denial import Denials
from gateway.authorization.rules import Audience
from gateway.documents import Document, Documents
from gateway.errors import OperationForbidden, RequestError
from gateway.executor.execution import Executor
from gateway.executor.introspection import asks_about_schema, introspect
from gateway.graph.labels import Labels
from gateway.planning import Planned, Plans, Use
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.transport.request import RequestContext, Send

logger = logging.getLogger(__name__)

_tracer: Final = trace.get_tracer(__name__)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client asks, whatever carries it. `context` is the edge's `Connection`."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    context: Any


class Pipeline:
    """Every transport's requests go through here; no check lives in a transport."""

    def __init__(
        self,
        documents: Documents,
        plans: Plans,
        executor: Executor,
        *,
        timeout: float,
    ) -> None:
        self._documents = documents
        self._plans = plans
        self._executor = executor
        self._timeout = timeout

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self._plans.api_schema

    def prepare(self, request: OperationRequest) -> Document:
        """The operation that is asked for. Raises `RequestError`."""
        return self._documents.prepare(request.query, request.operation_name)

    async def answer(self, request: OperationRequest, document: Document) -> ExecutionResult:
        """Run it. Raises `RequestError` when nothing was sent to any subgraph."""
        with _tracer.start_as_current_span(_span_name(document)):
            return await self._answer(request, document)

    def most_used(self, number: int) -> list[Use]:
        """What was asked for most, in the order of how often."""
        return self._plans.most_used(number)

    def warm(self, uses: Iterable[Use], *, seconds: float) -> int:
        """Plan these operations before anybody asks for them; how many were planned.

        What does not fit this supergraph is dropped; so is what there is no time left for.
        """
        end = time.monotonic() + seconds
        planned = 0
        for use in uses:
            if time.monotonic() >= end:
                break
            planned += self._foresee(use)
        return planned

    def _foresee(self, use: Use) -> bool:
        try:
            self._plans.foresee(self._documents.prepare(use.text, use.name), use)
        except RequestError:
            return False
        except Exception:  # a fault of ours: it costs who asks this, and nobody else
            logger.exception("operation cannot be planned ahead")
            return False
        return True

    async def _answer(self, request: OperationRequest, document: Document) -> ExecutionResult:
        variables = self._documents.variables(document, request.variables)
        planned = self._plans.of(document, variables, _audience(request.context))
        _refuse_denied_mutation(planned)
        context = RequestContext(
            caller=request.context.caller,
            accept_language=request.context.accept_language,
            deadline=asyncio.get_running_loop().time() + self._timeout,
        )
        about_schema = self._introspected(planned, document, variables)
        result = await self._executor.run(
            planned.plan, planned.projection, variables, context, about_schema
        )
        return ExecutionResult(result.data, [_error(error) for error in result.errors] or None)

    def _introspected(
        self, planned: Planned, document: Document, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        if not asks_about_schema(planned.operation):
            return {}
        return introspect(self.api_schema, document.node, document.operation, variables)


def assemble(
    supergraph: Supergraph, subgraphs: Mapping[str, Send], settings: EngineSettings
) -> Pipeline:
    """The pipeline over a supergraph. Raises `InvalidSupergraph`."""
    return Pipeline(
        Documents(
            supergraph.api_schema,
            settings.limits,
            introspection=settings.in_development,
            size=settings.document_cache,
        ),
        Plans(
            supergraph,
            Labels(supergraph, settings.override_labels),
            settings.plan_budget,
            size=settings.plan_cache,
        ),
        Executor(subgraphs),
        timeout=settings.request_timeout,
    )


def _span_name(document: Document) -> str:
    name = document.operation.name
    return f"graphql {name.value}" if name is not None else "graphql"


def _audience(connection: Any) -> Audience:
    if connection.caller is None:
        return Audience(authenticated=False)
    return Audience(authenticated=True, scopes=connection.caller.scopes)


def _refuse_denied_mutation(planned: Planned) -> None:
    """What would be done first must not be done when what follows is forbidden."""
    operation = planned.operation
    if operation.kind is not OperationType.MUTATION:
        return
    denials: Denials = planned.denials
    denied = [
        GraphQLError(
            "You may not run this mutation.",
            path=[field.key],
            extensions={
                "code": OperationForbidden.code,
                "coordinate": denial.coordinate,
                "required": denial.required,
            },
        )
        for field in operation.roots
        if (denial := denials.get((operation.type, field.name))) is not None
    ]
    if denied:
        raise OperationForbidden(denied)


def _error(error: Mapping[str, Any]) -> GraphQLError:
    return GraphQLError(
        error["message"], path=error.get("path"), extensions=error.get("extensions")
    )
