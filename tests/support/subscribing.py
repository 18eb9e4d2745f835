"""One subscription over each transport that carries them (`tests.support.transports`)."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from aiohttp import ClientSession

from tests.support.transports import (
    EVENTS,
    SUBSCRIPTION,
    Headers,
    Operation,
    acknowledged,
    events,
    hear,
    multipart_events,
    say,
    streamed,
)

#: The answers, until there are no more.
Answers = AsyncIterator[Any]
Subscribe = Callable[[ClientSession, str, Operation, Headers], AbstractAsyncContextManager[Answers]]


@asynccontextmanager
async def over_sse(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> AsyncIterator[Answers]:
    """Server-sent events."""
    async with streamed(session, url, operation, {**headers, "accept": EVENTS}) as response:
        yield events(response)


@asynccontextmanager
async def over_multipart(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> AsyncIterator[Answers]:
    """Parts of one body."""
    async with streamed(session, url, operation, {**headers, "accept": SUBSCRIPTION}) as response:
        yield multipart_events(response)


@asynccontextmanager
async def over_websocket(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> AsyncIterator[Answers]:
    """graphql-transport-ws, on a socket of its own."""
    async with acknowledged(session, url, headers) as client:
        await say(client, type="subscribe", id="1", payload=dict(operation))
        yield _messages(client)


async def _messages(client: Any) -> Answers:
    while (message := await hear(client)) is not None and message["type"] != "complete":
        yield message["payload"] if message["type"] == "next" else {"errors": message["payload"]}


SUBSCRIPTIONS: Final[tuple[Subscribe, ...]] = (over_websocket, over_sse, over_multipart)
