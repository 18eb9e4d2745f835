"""Requests to subgraphs over real sockets, and all that can come back."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.authentication.principals import Caller
from gateway.errors import (
    SubgraphBadAnswer,
    SubgraphBadRequest,
    SubgraphError,
    SubgraphTimeout,
    SubgraphUnavailable,
)
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.signing import Keyring, Signer, Verifier
from tests.support.http import served

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
JSON = "application/json"

Handler = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def subgraph(
    handler: Handler, *, patience: float = 5.0, max_answer: int = 10_000
) -> AsyncIterator[HttpTransport]:
    """A transport to a server that answers like this."""
    app = Starlette(routes=[Route("/graphql", handler, methods=["POST"])])
    async with served(app) as origin, open_session() as session:
        yield transport(f"{origin}/graphql", session, timeout=patience, max_answer=max_answer)


def transport(
    url: str, session: ClientSession, *, timeout: float = 5.0, max_answer: int = 10_000
) -> HttpTransport:
    return HttpTransport("shop", url, session, Signer(KEYS), timeout=timeout, max_answer=max_answer)


def a_request(caller: Caller | None = None, *, seconds: float = 60, a: Any = 1) -> SubgraphRequest:
    deadline = asyncio.get_running_loop().time() + seconds
    context = RequestContext(caller, "fr", deadline)
    return SubgraphRequest("shop", "query Q{x}", "Q", {"a": a}, context)


def answering(body: bytes, status: int = 200, content_type: str = JSON) -> Handler:
    async def handler(request: Request) -> Response:
        return Response(body, status, media_type=content_type)

    return handler


async def test_a_request_is_signed_and_carries_the_caller_as_encoded_once() -> None:
    principal = Principal(kind=PrincipalKind.STAFF, id=new_id(), session_id=new_id())
    caller = Caller(principal, principal.encode())
    seen: list[tuple[Request, bytes]] = []

    async def handler(request: Request) -> Response:
        seen.append((request, await request.body()))
        return Response(b'{"data":{"x":1}}', media_type=JSON)

    async with subgraph(handler) as send:
        answer = await send(a_request(caller))

    [(request, body)] = seen
    assert answer == {"data": {"x": 1}}
    assert orjson.loads(body) == {
        "query": "query Q{x}",
        "operationName": "Q",
        "variables": {"a": 1},
        "extensions": {"principal": caller.encoded},
    }
    assert request.headers["accept-language"] == "fr"
    Verifier(KEYS, audience="shop").verify(
        method="POST", path="/graphql", headers=request.headers, body=body
    )


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (answering(b"{}", 500), SubgraphUnavailable),
        (answering(b'{"data":{}}', 401), SubgraphUnavailable),
        (answering(b"<html>", content_type="text/html"), SubgraphBadAnswer),
        (answering(b'{"data":{"x":'), SubgraphBadAnswer),
        (answering(b'{"data":{"x":NaN}}'), SubgraphBadAnswer),
        (answering(b"[]"), SubgraphBadAnswer),
        (answering(b"{}"), SubgraphBadAnswer),
        (answering(b'{"data":[]}'), SubgraphBadAnswer),
        (answering(b'{"data":{},"errors":{}}'), SubgraphBadAnswer),
        (answering(b'{"data":{},"errors":["x"]}'), SubgraphBadAnswer),
        (answering(b'{"data":{"x":"' + b"y" * 20_000 + b'"}}'), SubgraphBadAnswer),
    ],
)
async def test_what_is_no_answer_is_an_error_of_the_subgraph(
    handler: Handler, error: type[SubgraphError]
) -> None:
    async with subgraph(handler) as send:
        with pytest.raises(error):
            await send(a_request())


async def test_an_answer_is_measured_by_what_it_unpacks_to() -> None:
    body = b'{"data":{"x":"' + b"y" * 20_000 + b'"}}'

    async def handler(request: Request) -> Response:
        return Response(gzip.compress(body), media_type=JSON, headers={"content-encoding": "gzip"})

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphBadAnswer, match="too long"):
            await send(a_request())
    async with subgraph(handler, max_answer=len(body)) as send:
        assert await send(a_request()) == orjson.loads(body)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
        b"content-length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"",
    ],
)
async def test_a_connection_that_breaks_off_is_unavailable(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_session() as session:
        with pytest.raises(SubgraphUnavailable):
            await transport(f"http://127.0.0.1:{port}/graphql", session)(a_request())


async def test_values_that_cannot_be_written_are_not_sent() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]

    async with subgraph(answering(b'{"data":{}}')) as send:
        with pytest.raises(SubgraphBadRequest):
            await send(a_request(a=deep))


async def test_a_redirect_is_not_followed() -> None:
    async def handler(request: Request) -> Response:
        return RedirectResponse("http://127.0.0.1:9/graphql", 307)

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnavailable, match="status 307"):
            await send(a_request())


async def test_nobody_there_is_unavailable() -> None:
    async with open_session() as session:
        with pytest.raises(SubgraphUnavailable):
            await transport("http://127.0.0.1:9/graphql", session)(a_request())


@pytest.mark.parametrize(("patience", "seconds"), [(0.05, 60.0), (60.0, 0.05), (60.0, -1.0)])
async def test_the_shorter_of_both_deadlines_ends_the_wait(patience: float, seconds: float) -> None:
    released = asyncio.Event()

    async def handler(request: Request) -> Response:
        await released.wait()
        return Response(b'{"data":{}}', media_type=JSON)

    async with subgraph(handler, patience=patience) as send:
        with pytest.raises(SubgraphTimeout):
            await send(a_request(seconds=seconds))
        released.set()


async def test_a_cookie_of_one_answer_goes_out_with_no_other_request() -> None:
    cookies: list[str | None] = []

    async def handler(request: Request) -> Response:
        cookies.append(request.headers.get("cookie"))
        return Response(b'{"data":{}}', media_type=JSON, headers={"set-cookie": "a=b"})

    async with subgraph(handler) as send:
        await send(a_request())
        await send(a_request())

    assert cookies == [None, None]
