"""A subgraph's events over HTTP, and all that can come instead."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.authentication.principals import Caller
from gateway.errors import (
    SubgraphBadAnswer,
    SubgraphBadRequest,
    SubgraphError,
    SubgraphTimeout,
    SubgraphUnavailable,
)
from gateway.transport.http import open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from gateway.transport.sse import SseTransport
from kit.signing import Keyring, Signer, Verifier
from tests.support.http import served
from tests.support.issuing import a_principal

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
ONE, TWO = {"data": {"n": 1}}, {"data": {"n": 2}}
COMPLETE = b"event: complete\ndata:\n\n"

Handler = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def subgraph(handler: Handler, **limits: Any) -> AsyncIterator[SseTransport]:
    """A transport to a server that answers like this."""
    app = Starlette(routes=[Route("/graphql", handler, methods=["POST"])])
    async with served(app) as origin, open_session() as session:
        told = {"timeout": 5.0, "silence": 5.0, "max_event": 1_000, **limits}
        yield SseTransport("shop", f"{origin}/graphql", session, Signer(KEYS), **told)


def streaming(*chunks: bytes, type: str = "text/event-stream", status: int = 200) -> Handler:
    async def handler(request: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk
                await asyncio.sleep(0)  # each goes out by itself

        return StreamingResponse(body(), status, media_type=type)

    return handler


def a_request(caller: Caller | None = None, **variables: Any) -> SubgraphRequest:
    return SubgraphRequest(
        "shop", "subscription S{n}", "S", variables, RequestContext(caller, "fr", 0)
    )


async def heard(transport: SseTransport) -> list[Any]:
    return [each async for each in transport(a_request())]


async def test_a_subscription_is_signed_and_carries_the_caller() -> None:
    seen: list[tuple[Request, bytes]] = []

    async def handler(request: Request) -> Response:
        seen.append((request, await request.body()))
        return Response(COMPLETE, media_type="text/event-stream")

    principal = a_principal()
    caller = Caller(principal, principal.encode())
    async with subgraph(handler) as transport:
        assert [each async for each in transport(a_request(caller, a=1))] == []

    [(request, body)] = seen
    assert caller.encoded.encode() in body
    assert request.headers["accept"] == "text/event-stream"
    assert request.headers["accept-language"] == "fr"
    Verifier(KEYS, audience="shop").verify(
        method="POST", path="/graphql", headers=request.headers, body=body
    )


@pytest.mark.parametrize(
    "chunks",
    [
        (b'event: next\ndata: {"data":{"n":1}}\n\n', b'event:next\ndata:{"data":{"n":2}}\n\n'),
        (b'event: next\r\ndata: {"data":{"n":1}}\r\n\r\n',
         b'event:next\r\ndata:{"data":{"n":2}}\r\n\r\n'),
        (b'event: next\rdata: {"data":{"n":1}}\r\revent:next\rdata:{"data":{"n":2}}\r\r',),
        (b"event: next\r", b'\ndata: {"data":', b'{"n":1}}\n', b"\nevent: next\nda",
         b'ta: {"data":{"n":2}}\n\n'),
        (b':\n\n: hello\nid: 7\nretry: 9\nevent: next\ndata: {"data":\ndata: {"n":1}}\n\n',
         b'event: other\ndata: x\n\ndata: {"data":{}}\n\n',
         b'event: next\ndata: {"data":{"n":2}}\n\n'),
    ],
)  # fmt: skip
async def test_events_are_read_however_they_are_written_and_cut(chunks: tuple[bytes, ...]) -> None:
    async with subgraph(streaming(*chunks, COMPLETE)) as transport:
        assert await heard(transport) == [ONE, TWO]


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (streaming(COMPLETE, status=500), SubgraphUnavailable),
        (streaming(COMPLETE, status=401), SubgraphUnavailable),
        (streaming(b'{"data":{"n":1}}', type="application/json"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: {\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: []\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: {}\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: {\xff}\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: " + b" " * 2_000 + b"{}\n\n"), SubgraphBadAnswer),
        (streaming(b"event: next\ndata: ", *[b" " * 100] * 50), SubgraphBadAnswer),
        (streaming(*[b"data: x\n"] * 2_000), SubgraphBadAnswer),
        (streaming(b":\n\n"), SubgraphUnavailable),
    ],
)
async def test_what_is_no_stream_is_an_error_of_the_subgraph(
    handler: Handler, error: type[SubgraphError]
) -> None:
    async with subgraph(handler) as transport:
        with pytest.raises(error):
            await heard(transport)


async def test_events_before_a_stream_breaks_are_heard() -> None:
    async with subgraph(streaming(b'event: next\ndata: {"data":{"n":1}}\n\n')) as transport:
        events = transport(a_request())

        assert await anext(events) == ONE
        with pytest.raises(SubgraphUnavailable, match="broke off"):
            await anext(events)


async def test_a_stream_must_begin_in_time() -> None:
    released = asyncio.Event()

    async def handler(request: Request) -> Response:
        await released.wait()
        return Response(COMPLETE)

    async with subgraph(handler, timeout=0.05) as transport:
        with pytest.raises(SubgraphTimeout):
            await heard(transport)
        released.set()


async def test_a_stream_without_signs_of_life_is_broken() -> None:
    async with subgraph(endless(b":\n\n"), silence=0.05) as transport:
        with pytest.raises(SubgraphTimeout):
            await heard(transport)


async def test_who_leaves_closes_the_stream_within_a_second() -> None:
    left = asyncio.Event()
    async with subgraph(endless(b'event: next\ndata: {"data":{"n":1}}\n\n', left)) as transport:
        async with aclosing(transport(a_request())) as events:
            await anext(events)

        async with asyncio.timeout(1):
            await left.wait()


def endless(chunk: bytes, left: asyncio.Event | None = None) -> Handler:
    """Says something, and then nothing for ever; `left` is set when nobody listens any more."""

    async def body() -> AsyncIterator[bytes]:
        try:
            yield chunk
            await asyncio.Event().wait()
        finally:
            if left is not None:
                left.set()

    async def handler(request: Request) -> Response:
        return StreamingResponse(body(), media_type="text/event-stream")

    return handler


async def test_a_redirect_is_not_followed() -> None:
    async def handler(request: Request) -> Response:
        return RedirectResponse("http://127.0.0.1:9/graphql", 307)

    async with subgraph(handler) as transport:
        with pytest.raises(SubgraphUnavailable, match="status 307"):
            await heard(transport)


async def test_values_that_cannot_be_written_are_not_sent() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]

    async with subgraph(streaming(COMPLETE)) as transport:
        with pytest.raises(SubgraphBadRequest):
            await anext(transport(a_request(a=deep)))


async def test_nobody_there_is_unavailable() -> None:
    async with open_session() as session:
        transport = SseTransport(
            "shop", "http://127.0.0.1:9/", session, None, timeout=5, silence=5, max_event=10
        )
        with pytest.raises(SubgraphUnavailable):
            await heard(transport)
