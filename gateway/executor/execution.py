"""Running plans: to one answer, to an answer in parts, or to one for each event."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from gateway.errors import SubgraphError, SubgraphUnavailable
from gateway.executor.answer import MOST_ERRORS
from gateway.executor.delivery import Increment, all_of, cancelled, deliver
from gateway.executor.failure import SHOWN_CODES, Failure
from gateway.executor.gatekeeper import Gatekeeper
from gateway.executor.projection import Projection
from gateway.executor.run import Run
from gateway.plan.fetch import Plan
from gateway.transport.request import RequestContext, Send, Subscribe


@dataclass(frozen=True, slots=True)
class Result:
    """The client's answer. Errors have the form of GraphQL 7.1.2."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]


class Executor:
    """Runs plans over subgraphs, by name.

    `streams` are those that can be subscribed to. `shown_codes` are the codes of subgraphs'
    errors whose messages clients see.
    """

    def __init__(
        self,
        subgraphs: Mapping[str, Send],
        streams: Mapping[str, Subscribe] | None = None,
        *,
        shown_codes: frozenset[str] = SHOWN_CODES,
    ) -> None:
        self._subgraphs = subgraphs
        self._streams = streams or {}
        self._shown = shown_codes

    async def run(
        self,
        plan: Plan,
        projection: Projection,
        variables: Mapping[str, Any],
        context: RequestContext,
        introspected: Mapping[str, Any] | None = None,
        gatekeeper: Gatekeeper | None = None,
    ) -> Result:
        """The answer; whatever fails costs its own fields only."""
        run = self._run(plan, variables, context, introspected, gatekeeper)
        await run.all(plan.fetches)
        return _result(run, projection)

    async def deliver(
        self,
        plan: Plan,
        projections: Sequence[Projection],
        variables: Mapping[str, Any],
        context: RequestContext,
        introspected: Mapping[str, Any] | None = None,
        gatekeeper: Gatekeeper | None = None,
    ) -> AsyncGenerator[Result | list[Increment], None]:
        """The first answer, then what is deferred, as it becomes complete.

        `projections` are those of the first part and of the plan's, in this order.
        """
        run = self._run(plan, variables, context, introspected, gatekeeper)
        first, *later = projections
        tasks = run.start(plan.fetches, asyncio.create_task)
        try:
            await all_of(tasks, plan, 0)
            result = _result(run, first)
            yield result
            if result.data is not None:
                parts = dict(zip(plan.parts, later, strict=True))
                async for increments in deliver(run, plan, tasks, parts, result.data):
                    yield increments
        finally:
            await cancelled(tasks.values())

    async def subscribe(
        self,
        plan: Plan,
        projection: Projection,
        variables: Mapping[str, Any],
        make_context: Callable[[], RequestContext],
        make_gatekeeper: Callable[[], Gatekeeper | None] = lambda: None,
    ) -> AsyncGenerator[Result, None]:
        """An answer for each event; a context is made for the start and for each of them.

        So is a gatekeeper, for each event: policies may have changed their minds.

        Ends with the stream, after an answer without data when that fails.
        """
        source, *rest = plan.fetches
        request = self._run(plan, variables, make_context()).request(source)
        try:
            async with aclosing(self._stream(source.subgraph)(request)) as events:
                async for event in events:
                    run = self._run(plan, variables, make_context(), gatekeeper=make_gatekeeper())
                    await run.take_event(source, event)
                    await run.all(rest)
                    yield _result(run, projection)
        except SubgraphError as error:
            yield Result(None, [Failure.of_request(error).formatted(None)])

    def _stream(self, subgraph: str) -> Subscribe:
        if subgraph not in self._streams:
            raise SubgraphUnavailable(subgraph, "it cannot be subscribed to")
        return self._streams[subgraph]

    def _run(
        self,
        plan: Plan,
        variables: Mapping[str, Any],
        context: RequestContext,
        introspected: Mapping[str, Any] | None = None,
        gatekeeper: Gatekeeper | None = None,
    ) -> Run:
        run = Run(
            self._subgraphs,
            self._shown,
            variables,
            context,
            apart=_has_contexts(plan),
            gatekeeper=gatekeeper,
        )
        run.root.update(introspected or {})
        return run


def _result(run: Run, projection: Projection) -> Result:
    data, errors = projection.shape(run.root, run.gaps, run.verdicts)
    errors += [failure.formatted(None) for failure in run.loose]
    return Result(data, errors[:MOST_ERRORS])


def _has_contexts(plan: Plan) -> bool:
    return any(entities.contexts for fetch in plan.fetches for entities in fetch.entities)
