"""Requests to a subgraph over a real connection."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from multidict import CIMultiDict

from gateway.authentication.principals import Caller
from gateway.errors import (
    SubgraphBadAnswer,
    SubgraphError,
    SubgraphTimeout,
    SubgraphUnavailable,
)
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.signing import BadSignature, Keyring, Signer, Verifier

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
PRINCIPAL = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())
CALLER = Caller(PRINCIPAL, PRINCIPAL.encode())

#: Seconds after which an operation that is allowed to run must have ended.
AMPLE = 60.0


@dataclass
class Received:
    """A request as it came over the wire."""

    line: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Wire:
    """A server that gives every request the same bytes; none at all means that it never answers."""

    answer: bytes
    url: str = ""
    received: list[Received] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = CIMultiDict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        self.received.append(Received(head[0], headers, body))
        writer.write(self.answer)
        await (writer.drain() if self.answer else reader.read())
        writer.close()


@asynccontextmanager
async def wire(answer: bytes) -> AsyncIterator[Wire]:
    server_side = Wire(answer)
    server = await asyncio.start_server(server_side.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    server_side.url = f"http://{host}:{port}/graphql"
    async with server:
        yield server_side


def http(
    body: bytes,
    *,
    status: str = "200 OK",
    content_type: str = "application/json",
    length: int | None = None,
    **headers: str,
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"content-type: {content_type}",
        f"content-length: {len(body) if length is None else length}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "connection: close", "", ""]).encode() + body


ANSWER = http(b'{"data": {"a": 1}}')

Transports = Callable[..., HttpTransport]


@pytest_asyncio.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with open_session() as opened:
        yield opened


@pytest.fixture
def transport(session: ClientSession) -> Transports:
    def make(url: str, *, timeout: float = AMPLE, max_answer: int = 1_000) -> HttpTransport:
        return HttpTransport(
            "library", url, session, Signer(KEYS), timeout=timeout, max_answer=max_answer
        )

    return make


def request(
    *,
    caller: Caller | None = CALLER,
    language: str | None = None,
    left: float = AMPLE,
    name: str | None = None,
    **variables: Any,
) -> SubgraphRequest:
    deadline = asyncio.get_running_loop().time() + left
    return SubgraphRequest(
        "library", "{ a }", name, variables, RequestContext(caller, language, deadline)
    )


async def failure(sending: Awaitable[Any]) -> SubgraphError:
    with pytest.raises(SubgraphError) as caught:
        await sending
    return caught.value


async def test_an_answer_is_handed_on(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        answer = await transport(server.url)(request())

    assert answer == {"data": {"a": 1}}


async def test_a_request_carries_document_variables_and_caller(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        await transport(server.url)(request(name="Op", language="fr", x=1))

    [received] = server.received
    assert received.json == {
        "query": "{ a }",
        "operationName": "Op",
        "variables": {"x": 1},
        "extensions": {"principal": CALLER.encoded},
    }
    assert received.headers["accept-language"] == "fr"
    assert received.headers["content-type"] == "application/json"


async def test_nothing_is_said_of_a_caller_nobody_knows(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        await transport(server.url)(request(caller=None))

    [received] = server.received
    assert received.json == {"query": "{ a }", "variables": {}}
    assert "accept-language" not in received.headers


async def test_the_body_as_sent_is_signed_for_this_subgraph_alone(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        await transport(server.url)(request(name="Été", x="ü"))

    [received] = server.received
    verify(received, audience="library")
    with pytest.raises(BadSignature):
        verify(received, audience="billing")


def verify(received: Received, *, audience: str) -> None:
    method, path, _ = received.line.split(" ")
    Verifier(KEYS, audience).verify(
        method=method, path=path, body=received.body, headers=received.headers
    )


async def test_one_callers_cookies_are_not_sent_for_another(transport: Transports) -> None:
    async with wire(http(b'{"data": {}}', set_cookie="session=1; Path=/")) as server:
        send = transport(server.url)
        await send(request())
        await send(request())

    assert ["cookie" in received.headers for received in server.received] == [False, False]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http(b"<html>", content_type="text/html"), SubgraphBadAnswer),
        (http(b'{"data": {}}', content_type="text/plain"), SubgraphBadAnswer),
        (http(b'{"data": {'), SubgraphBadAnswer),
        (http(b""), SubgraphBadAnswer),
        (http(b'{"data": {"a": NaN}}'), SubgraphBadAnswer),
        (http(b'{"data": {"a": "\xff"}}'), SubgraphBadAnswer),
        (http(b'{"data": {"a": ' + b"[" * 2_000 + b"]" * 2_000 + b"}}"), SubgraphBadAnswer),
        (http(b'[{"data": {}}]'), SubgraphBadAnswer),
        (http(b'{"data": {"a": 1}}', length=500), SubgraphUnavailable),
        (http(b"not gzip", content_encoding="gzip"), SubgraphUnavailable),
        (http(b'{"data": {}}', status="500 Oh No"), SubgraphUnavailable),
        (http(b"", status="302 Found", location="/elsewhere"), SubgraphUnavailable),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", SubgraphUnavailable),
    ],
)
async def test_what_is_no_answer_is_refused_with_a_code(
    transport: Transports, answer: bytes, kind: type[SubgraphError]
) -> None:
    async with wire(answer) as server:
        error = await failure(transport(server.url, max_answer=10_000)(request()))

    assert (type(error), error.subgraph) == (kind, "library")
    assert len(server.received) == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_an_answer_is_too_long_by_what_it_unpacks_to(
    transport: Transports, encoding: str
) -> None:
    body = b'{"data": {"a": "' + b"x" * 5_000 + b'"}}'
    packed = gzip.compress(body) if encoding == "gzip" else body
    async with wire(http(packed, content_encoding=encoding)) as server:
        error = await failure(transport(server.url, max_answer=5_000)(request()))

        assert "too long" in error.reason
        assert await transport(server.url, max_answer=len(body))(request())


async def test_a_subgraph_that_does_not_answer_is_given_up(transport: Transports) -> None:
    async with wire(b"") as server:
        error = await failure(transport(server.url, timeout=0.05)(request()))

    assert error.code == "SUBGRAPH_TIMEOUT"


async def test_no_request_outlives_its_operation(transport: Transports) -> None:
    async with wire(b"") as server:
        error = await failure(transport(server.url)(request(left=0.05)))

    assert error.code == "SUBGRAPH_TIMEOUT"


async def test_an_operation_whose_time_is_up_asks_nobody(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        error = await failure(transport(server.url)(request(left=0)))

    assert error.code == "SUBGRAPH_TIMEOUT"
    assert server.received == []


async def test_a_subgraph_that_is_not_there_is_unavailable(transport: Transports) -> None:
    async with wire(ANSWER) as server:
        gone = server.url

    error = await failure(transport(gone)(request()))

    assert error.code == "SUBGRAPH_UNAVAILABLE"
