"""Subscriptions of a subgraph as server-sent events (GraphQL over SSE, distinct connections).

A subscription's resolver yields what happened; each event is then resolved with a context of its
own, so that no loader remembers what was true at the event before.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql import Executor, GraphQLError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from strawberry.schema.base import BaseSchema
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from kit.subgraph.enforcement import EnforcingExecutor

EVENT_STREAM: Final = "text/event-stream"

#: Seconds between two signs of life: the gateway gives up on a stream that gives none.
_HEARTBEAT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Contexts:
    """Makes the context in which a stream begins, and one for each of its events."""

    make: Callable[[], Any]


class StreamingExecutor(EnforcingExecutor):
    """Where the context is `Contexts`, resolvers get one that was made for their event."""

    contexts: Contexts | None = None

    @classmethod
    def build(
        cls,
        schema: Any,
        document: Any,
        root_value: Any = None,
        context_value: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """An executor in a context that was just made, or why nothing may run."""
        contexts = context_value if isinstance(context_value, Contexts) else None
        context = contexts.make() if contexts is not None else context_value
        executor = super().build(schema, document, root_value, context, *args, **kwargs)
        if contexts is not None and isinstance(executor, cls):
            executor.contexts = contexts
        return executor

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """As the stock one, with a new context."""
        executor = super().build_per_event_executor(payload)
        if self.contexts is not None:
            executor.context_value = self.contexts.make()
        return executor


def asks_for_stream(request: Request) -> bool:
    """Whether the gateway subscribes with this request."""
    return request.headers.get("accept") == EVENT_STREAM


def stream(
    schema: BaseSchema,
    payload: Mapping[str, Any],
    contexts: Contexts,
    *,
    heartbeat: float = _HEARTBEAT,
) -> Response:
    """The answers to a subscription, until its source ends or the gateway leaves."""
    events = _events(schema, payload, contexts, heartbeat)
    return StreamingResponse(
        events,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        media_type=EVENT_STREAM,
    )


async def _events(
    schema: BaseSchema, payload: Mapping[str, Any], contexts: Contexts, heartbeat: float
) -> AsyncIterator[bytes]:
    yield b":\n\n"
    answers = await schema.stream(
        payload.get("query"),
        variable_values=payload.get("variables"),
        context_value=contexts,
        operation_name=payload.get("operationName"),
        allowed_operation_types=(OperationType.SUBSCRIPTION,),
    )
    async with aclosing(_with_signs_of_life(answers, heartbeat)) as paced:
        try:
            async for answer in paced:
                yield _next(answer) if answer is not None else b":\n\n"
        except GraphQLError as error:  # a document that cannot be read is no event's fault
            yield _next(ExecutionResult(data=None, errors=[error]))
    yield b"event: complete\ndata:\n\n"


async def _with_signs_of_life(
    answers: AsyncGenerator[Any, None], heartbeat: float
) -> AsyncGenerator[Any, None]:
    """The answers, and None whenever there was none for a while."""
    step: asyncio.Task[Any] | None = None
    try:
        while True:
            step = asyncio.create_task(_step(answers))
            while not (await asyncio.wait({step}, timeout=heartbeat))[0]:
                yield None
            answer = step.result()
            if answer is None:
                return
            yield answer
    finally:
        if step is not None:
            step.cancel()
            await asyncio.gather(step, return_exceptions=True)
        await answers.aclose()


async def _step(answers: AsyncGenerator[Any, None]) -> Any:
    return await anext(answers, None)


def _next(answer: ExecutionResult) -> bytes:
    told: dict[str, Any] = {"data": answer.data}
    if answer.errors:
        told["errors"] = [error.formatted for error in answer.errors]
    return b"event: next\ndata: %b\n\n" % orjson.dumps(told)
