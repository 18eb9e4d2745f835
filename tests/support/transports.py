"""One operation over each transport, against a gateway that is served somewhere.

Every function takes a session, the URL of `/graphql`, the operation as its JSON object and the
headers of who asks, and returns the status with the answer. What never became an answer has only
a status: that of the HTTP response, or the code with which a socket was closed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import orjson
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, WSServerHandshakeError

Operation = Mapping[str, Any]
Headers = Mapping[str, str]

PROTOCOL: Final = "graphql-transport-ws"
EVENTS: Final = "text/event-stream"
SUBSCRIPTION: Final = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
_PREFLIGHT: Final = {"graphql-require-preflight": "1"}


class Answered(NamedTuple):
    """What came back; of several answers the first."""

    status: int
    answer: Any


Transport = Callable[[ClientSession, str, Operation, Headers], Awaitable[Answered]]


async def post(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> Answered:
    """HTTP POST of JSON."""
    async with streamed(session, url, operation, headers) as response:
        return Answered(response.status, orjson.loads(await response.read()))


async def get(session: ClientSession, url: str, operation: Operation, headers: Headers) -> Answered:
    """HTTP GET with everything in the URL."""
    parameters = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in operation.items()
        if value is not None
    }
    async with session.get(url, params=parameters, headers={**_PREFLIGHT, **headers}) as response:
        return Answered(response.status, orjson.loads(await response.read()))


async def batch(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> Answered:
    """HTTP POST of a list, in which another operation comes first."""
    others: Operation = {"query": "{ __typename }"}
    async with streamed(session, url, [others, operation], headers) as response:
        answer = orjson.loads(await response.read())
        return Answered(response.status, answer[1] if isinstance(answer, list) else answer)


async def sse(session: ClientSession, url: str, operation: Operation, headers: Headers) -> Answered:
    """Server-sent events in answer to a POST."""
    return await _first(session, url, operation, {**headers, "accept": EVENTS}, events)


async def multipart(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> Answered:
    """A multipart body with an event in each part."""
    accept = {**headers, "accept": SUBSCRIPTION}
    return await _first(session, url, operation, accept, multipart_events)


async def websocket(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> Answered:
    """A socket of its own, whose first message brings the credentials."""
    token = headers.get("authorization")
    payload = {} if token is None else {"authorization": token}
    handshake = {name: value for name, value in headers.items() if name != "authorization"}
    try:
        async with socket(session, url, handshake) as client:
            await say(client, type="connection_init", payload=payload)
            if await hear(client) is None:
                return Answered(client.close_code or 0, None)
            await say(client, type="subscribe", id="1", payload=dict(operation))
            return await _first_message(client)
    except WSServerHandshakeError as refused:
        return Answered(refused.status, None)


#: All of them, to parametrize tests with.
TRANSPORTS: Final[tuple[Transport, ...]] = (post, get, batch, sse, multipart, websocket)


async def events(response: ClientResponse) -> AsyncIterator[Any]:
    """The payload of each `next` event, until the stream is complete."""
    async for block in _blocks(response, b"\n\n"):
        lines = dict(line.split(b": ", 1) for line in block.split(b"\n") if b": " in line)
        if lines.get(b"event") == b"next":
            yield orjson.loads(lines[b"data"])
        if lines.get(b"event") == b"complete":
            return


async def multipart_parts(response: ClientResponse) -> AsyncIterator[Any]:
    """The JSON of each part, heartbeats left out."""
    name = response.headers["content-type"].split('boundary="')[1].split('"')[0]
    async for block in _blocks(response, f"\r\n--{name}".encode()):
        if block.startswith(b"--"):
            return
        content = block.partition(b"\r\n\r\n")[2]
        if content and (part := orjson.loads(content)):
            yield part


async def multipart_events(response: ClientResponse) -> AsyncIterator[Any]:
    """The payload in each part, or what stands in its place when there is none."""
    async for part in multipart_parts(response):
        yield part["payload"] or {"errors": part["errors"]}


@asynccontextmanager
async def streamed(
    session: ClientSession, url: str, body: Any, headers: Headers
) -> AsyncIterator[ClientResponse]:
    """The response to a POST, to be read piece by piece."""
    sent = {"content-type": "application/json", **headers}
    async with session.post(url, data=orjson.dumps(body), headers=sent) as response:
        yield response


@asynccontextmanager
async def socket(
    session: ClientSession, url: str, headers: Headers | None = None, protocol: str = PROTOCOL
) -> AsyncIterator[ClientWebSocketResponse]:
    """A WebSocket on which nothing was said yet."""
    async with session.ws_connect(url, protocols=[protocol], headers=headers) as client:
        yield client


@asynccontextmanager
async def acknowledged(
    session: ClientSession,
    url: str,
    payload: Mapping[str, Any] | None = None,
    headers: Headers | None = None,
) -> AsyncIterator[ClientWebSocketResponse]:
    """A WebSocket on which operations may begin."""
    async with socket(session, url, headers) as client:
        await say(client, type="connection_init", payload=payload or {})
        assert await hear(client) == {"type": "connection_ack"}
        yield client


async def say(client: ClientWebSocketResponse, **message: Any) -> None:
    """Send a message."""
    await client.send_str(orjson.dumps(message).decode())


async def hear(client: ClientWebSocketResponse) -> Any:
    """The next message, pings answered; None when the socket is closed instead."""
    async for frame in client:
        message = orjson.loads(frame.data)
        if message["type"] != "ping":
            return message
        await say(client, type="pong")
    return None


async def _first_message(client: ClientWebSocketResponse) -> Answered:
    message = await hear(client)
    match message:
        case {"type": "next"}:
            return Answered(200, message["payload"])
        case {"type": "error"}:
            return Answered(200, {"errors": message["payload"]})
        case _:
            return Answered(client.close_code or 0, None)


async def _first(
    session: ClientSession,
    url: str,
    operation: Operation,
    headers: Headers,
    read: Callable[[ClientResponse], AsyncIterator[Any]],
) -> Answered:
    async with streamed(session, url, operation, headers) as response:
        if response.content_type.startswith("application/"):
            return Answered(response.status, orjson.loads(await response.read()))
        return Answered(response.status, await anext(read(response), None))


async def _blocks(response: ClientResponse, end: bytes) -> AsyncIterator[bytes]:
    waiting = b""
    async for chunk in response.content.iter_any():
        *blocks, waiting = (waiting + chunk).split(end)
        for block in blocks:
            yield block
    yield waiting
