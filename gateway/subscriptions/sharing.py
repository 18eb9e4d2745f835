"""Equal subscriptions of one caller share one stream from the subgraph."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Hashable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.errors import SlowConsumer, SubgraphError
from gateway.executor.merge import copied
from gateway.transport.request import SubgraphRequest, Subscribe

logger = logging.getLogger(__name__)

Event = Mapping[str, Any]


class SharedStreams:
    """A `Subscribe` over another one, to one subgraph.

    What is alike in document, variables, language and caller, with all rights, is asked for
    once. The subgraph's stream is closed when the last listener leaves. A listener for whom
    `buffer` events wait is told that it is slow; the others go on.
    """

    def __init__(self, subscribe: Subscribe, *, buffer: int) -> None:
        self._subscribe = subscribe
        self._buffer = buffer
        self._open: dict[Hashable, _Stream] = {}

    def __len__(self) -> int:
        """The streams that are open."""
        return len(self._open)

    async def __call__(self, request: SubgraphRequest) -> AsyncGenerator[Event, None]:
        """The events from now on. Raises `SubgraphError`, `SlowConsumer`."""
        key = _key(request)
        stream = self._open.get(key)
        if stream is None:
            stream = self._open[key] = _Stream()
            stream.task = asyncio.create_task(self._carry(key, stream, request))
        listener = _Listener(self._buffer)
        stream.listeners.append(listener)
        try:
            while (event := await listener.next()) is not None:
                yield event
        finally:
            stream.listeners.remove(listener)
            if not stream.listeners:
                self._forget(key, stream)
                await stream.end()

    async def _carry(self, key: Hashable, stream: "_Stream", request: SubgraphRequest) -> None:
        end: Exception | None = None
        try:
            async with aclosing(self._subscribe(request)) as events:
                async for event in events:
                    stream.tell(event)
        except SubgraphError as error:
            extra = {"subgraph": error.subgraph}
            logger.warning("subgraph's stream failed", extra=extra, exc_info=error)
            end = error
        except Exception as error:  # each listener raises it: a fault of ours is theirs to log
            end = error
        self._forget(key, stream)
        for listener in stream.listeners:
            listener.finish(end)

    def _forget(self, key: Hashable, stream: "_Stream") -> None:
        if self._open.get(key) is stream:
            del self._open[key]


@dataclass(slots=True, eq=False)
class _Stream:
    """One stream of the subgraph's, and who listens."""

    listeners: list["_Listener"] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    def tell(self, event: Event) -> None:
        """To each a copy of its own, since events become part of answers."""
        for listener in self.listeners[1:]:
            listener.take(copied(event))
        for listener in self.listeners[:1]:
            listener.take(event)

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


class _Listener:
    """Events on their way to one client."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._waiting: deque[Event] = deque()
        self._news = asyncio.Event()
        self._is_over = False
        self._end: Exception | None = None

    def take(self, event: Event) -> None:
        if len(self._waiting) >= self._room:
            self._waiting.clear()
            self.finish(SlowConsumer())
        elif not self._is_over:
            self._waiting.append(event)
            self._news.set()

    def finish(self, end: Exception | None) -> None:
        if not self._is_over:
            self._is_over, self._end = True, end
            self._news.set()

    async def next(self) -> Event | None:
        """The next event; None after the last. Raises what ended the stream."""
        while not self._waiting:
            if self._is_over and self._end is not None:
                raise self._end.with_traceback(None)
            if self._is_over:
                return None
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


def _key(request: SubgraphRequest) -> Hashable:
    caller = request.context.caller
    return (
        request.document,
        request.operation_name,
        orjson.dumps(request.variables, option=orjson.OPT_SORT_KEYS),
        caller.encoded if caller is not None else None,
        request.context.accept_language,
    )
