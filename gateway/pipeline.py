"""One request, from its text to its answer."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema
from opentelemetry import trace
from strawberry.types.execution import ExecutionResult

from gateway.authentication.principals import Caller
from gateway.authorization.decisions import Decisions
from gateway.authorization.judgement import Values
from gateway.authorization.mode import Mode
from gateway.authorization.policies import Policies, load_policies
from gateway.authorization.refusal import denied_whole, refuse_denied
from gateway.authorization.rules import Audience
from gateway.documents import Document
from gateway.errors import OperationRefused, RequestError
from gateway.executor.delivery import Increment
from gateway.executor.execution import Executor, Result
from gateway.executor.gatekeeper import Gatekeeper
from gateway.executor.introspection import asks_about_schema, introspect
from gateway.graph.labels import Labels
from gateway.operation.model import Part
from gateway.planning import Planned, Plans, Use
from gateway.settings import EngineSettings
from gateway.subscriptions.continuity import CallerChanged, while_same
from gateway.supergraph.model import Supergraph
from gateway.transport.request import Connections, RequestContext
from gateway.views import Views, open_views

logger = logging.getLogger(__name__)

_tracer: Final = trace.get_tracer(__name__)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client asks, whatever carries it. `context` is the edge's `Connection`."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    context: Any


@dataclass(frozen=True, slots=True)
class FirstPart:
    """What comes before the `parts` that are deferred."""

    result: ExecutionResult
    parts: tuple[Part, ...]


#: What a client gets at once: an answer, the first part of one, or parts that were deferred.
Frame = ExecutionResult | FirstPart | list[Increment]


class Pipeline:
    """Every transport's requests go through here; no check lives in a transport."""

    def __init__(
        self,
        views: Views,
        plans: Plans,
        executor: Executor,
        *,
        timeout: float,
        longest: float = 3600.0,
        mode: Mode = Mode.FILTER,
        policies: Policies | None = None,
        policy_timeout: float = 2.0,
    ) -> None:
        self._views = views
        self._mode = mode
        self._policies = policies or Policies()
        self._policy_timeout = policy_timeout
        self._plans = plans
        self._executor = executor
        self._timeout = timeout
        self._longest = longest

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self._plans.api_schema

    def prepare(self, request: OperationRequest) -> Document:
        """The operation that is asked for, of the schema that the caller sees.

        Raises `RequestError`.
        """
        return self._prepared(request, request.context.caller)

    async def answer(self, request: OperationRequest, document: Document) -> ExecutionResult:
        """Run it. Raises `RequestError` when nothing was sent to any subgraph."""
        with _tracer.start_as_current_span(_span_name(document)):
            return await self._answer(request, document)

    async def deliver(
        self, request: OperationRequest, document: Document
    ) -> AsyncGenerator[Frame, None]:
        """Run it, what is deferred later. Raises `RequestError` as `answer` does."""
        caller = request.context.caller
        variables = self._views.of(caller).variables(document, request.variables)
        decisions = self._decisions(caller)
        planned = await self._planned(document, variables, caller, decisions, deferring=True)
        parts = planned.operation.parts
        answers = self._executor.deliver(
            planned.plan,
            (planned.projection, *planned.deferred),
            variables,
            self._context(request, caller),
            _introspected(planned, document, variables),
            _gatekeeper(planned, document, variables, decisions),
        )
        async with aclosing(answers):
            async for each in answers:
                if isinstance(each, Result):
                    result = self._answered(each)
                    is_whole = not parts or result.data is None
                    yield result if is_whole else FirstPart(result, parts)
                else:
                    yield [self._increment(increment) for increment in each]

    async def subscribe(
        self, request: OperationRequest, document: Document
    ) -> AsyncGenerator[ExecutionResult, None]:
        """An answer for each event, by the rights that the caller has at that moment.

        When they change, the subgraph is subscribed to anew. Raises `RequestError`, `StreamEnded`,
        and what the connection's presence raises when there is no caller any more.
        """
        presence = request.context.presence
        until = asyncio.get_running_loop().time() + self._longest
        with presence.changes() as changed:
            is_over = False
            while not is_over:
                caller = await presence.caller()
                # Others may see another schema.
                document = self._prepared(request, caller)
                variables = self._views.of(caller).variables(document, request.variables)
                answers = self._events(request, document, variables, caller)
                same = while_same(presence, caller, changed, answers, until=until)
                try:
                    async with aclosing(same):
                        async for answer in same:
                            yield answer
                    is_over = True
                except CallerChanged:
                    changed.clear()

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
            self._plans.foresee(self._views.named(use.view).prepare(use.text, use.name), use)
        except RequestError:
            return False
        except Exception:  # a fault of ours: it costs who asks this, and nobody else
            logger.exception("operation cannot be planned ahead")
            return False
        return True

    async def _answer(self, request: OperationRequest, document: Document) -> ExecutionResult:
        caller = request.context.caller
        variables = self._views.of(caller).variables(document, request.variables)
        decisions = self._decisions(caller)
        planned = await self._planned(document, variables, caller, decisions)
        result = await self._executor.run(
            planned.plan,
            planned.projection,
            variables,
            self._context(request, caller),
            _introspected(planned, document, variables),
            _gatekeeper(planned, document, variables, decisions),
        )
        return self._answered(result)

    async def _events(
        self,
        request: OperationRequest,
        document: Document,
        variables: Mapping[str, Any],
        caller: Caller | None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The answers by the rights of one caller."""
        planned = await self._planned(document, variables, caller, self._decisions(caller))
        if not planned.plan.fetches:
            raise OperationRefused("There is no subgraph to subscribe to.")
        results = self._executor.subscribe(
            planned.plan,
            planned.projection,
            variables,
            lambda: self._context(request, caller),
            lambda: _gatekeeper(planned, document, variables, self._decisions(caller)),
        )
        async with aclosing(results):
            async for result in results:
                yield self._answered(result)

    def _prepared(self, request: OperationRequest, caller: Caller | None) -> Document:
        return self._views.of(caller).prepare(request.query, request.operation_name)

    async def _planned(
        self,
        document: Document,
        variables: Mapping[str, Any],
        caller: Caller | None,
        decisions: Decisions,
        *,
        deferring: bool = False,
    ) -> Planned:
        """What runs. Raises `OperationForbidden` when that is nothing."""
        judgement = await self._plans.judge(
            document, variables, _audience(caller), decisions, deferring=deferring
        )
        planned = self._plans.of(document, variables, judgement, deferring=deferring)
        refuse_denied(planned.operation, planned.denials, document.telling, self._mode)
        return planned

    def _decisions(self, caller: Caller | None) -> Decisions:
        principal = caller.principal if caller is not None else None
        return Decisions(self._policies, principal, timeout=self._policy_timeout)

    def _increment(self, increment: Increment) -> Increment:
        if self._mode is Mode.REJECT and (denied := denied_whole(increment.errors)):
            return replace(increment, data=None, errors=denied)
        return increment

    def _answered(self, result: Result) -> ExecutionResult:
        if self._mode is Mode.REJECT and (denied := denied_whole(result.errors)):
            return ExecutionResult(None, [_error(error) for error in denied])
        return ExecutionResult(result.data, [_error(error) for error in result.errors] or None)

    def _context(self, request: OperationRequest, caller: Caller | None) -> RequestContext:
        return RequestContext(
            caller=caller,
            accept_language=request.context.accept_language,
            deadline=asyncio.get_running_loop().time() + self._timeout,
        )


def assemble(
    supergraph: Supergraph,
    subgraphs: Connections,
    settings: EngineSettings,
    policies: Policies | None = None,
) -> Pipeline:
    """The pipeline over a supergraph, with the policies of the settings unless others are given.

    Raises `InvalidSupergraph`, `InvalidPolicies`.
    """
    policies = policies or load_policies(settings.policies)
    plans = Plans(
        supergraph,
        Labels(supergraph, settings.override_labels),
        settings.plan_budget,
        size=settings.plan_cache,
        policies=policies,
    )
    if unknown := plans.authorization.unknown_policies:
        logger.warning(
            "nothing decides these policies: what they guard is closed",
            extra={"policies": sorted(unknown)},
        )
    return Pipeline(
        open_views(supergraph, settings),
        plans,
        Executor(subgraphs.requests, subgraphs.streams),
        timeout=settings.request_timeout,
        longest=settings.max_stream_seconds,
        mode=settings.authorization,
        policies=policies,
        policy_timeout=settings.policy_timeout,
    )


def _span_name(document: Document) -> str:
    name = document.operation.name
    return f"graphql {name.value}" if name is not None else "graphql"


def _audience(caller: Caller | None) -> Audience:
    if caller is None:
        return Audience(authenticated=False)
    return Audience(authenticated=True, scopes=caller.scopes)


def _introspected(
    planned: Planned, document: Document, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    if not asks_about_schema(planned.operation):
        return {}
    return introspect(document.schema, document.node, document.operation, variables)


def _gatekeeper(
    planned: Planned, document: Document, variables: Mapping[str, Any], decisions: Decisions
) -> Gatekeeper | None:
    """Somebody who asks policies about objects, where they have a say."""
    if not planned.gates:
        return None
    return Gatekeeper(planned.gates, decisions, Values(document.schema, variables))


def _error(error: Mapping[str, Any]) -> GraphQLError:
    return GraphQLError(
        error["message"], path=error.get("path"), extensions=error.get("extensions")
    )
