"""A supergraph behind an address, on a real server."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.errors import InvalidSupergraph
from gateway.supergraph.source.source import SupergraphUnavailable
from gateway.supergraph.source.url import UrlSource
from tests.support.http import served


@dataclass
class Registry:
    """Serves one document, and keeps what it was asked."""

    content: bytes = b"one"
    tag: str | None = '"1"'
    status: int = 200
    requests: list[Request] = field(default_factory=list)
    origin: str = ""

    async def answer(self, request: Request) -> Response:
        self.requests.append(request)
        if self.status != 200:
            return Response(status_code=self.status, headers={"location": "/elsewhere"})
        if self.tag is not None and request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304)
        return Response(self.content, headers={"etag": self.tag} if self.tag else None)

    def source(self, *, timeout: float = 10, path: str = "/supergraph") -> UrlSource:
        return UrlSource(f"{self.origin}{path}", interval=10, timeout=timeout, max_size=1024)


@pytest_asyncio.fixture
async def registry() -> AsyncIterator[Registry]:
    registry = Registry()
    async with served(Starlette(routes=[Route("/{path:path}", registry.answer)])) as origin:
        registry.origin = origin
        yield registry


async def test_what_has_not_changed_is_not_sent_again(registry: Registry) -> None:
    source = registry.source()

    first, again = await source.read(), await source.read()
    registry.content, registry.tag = b"two", '"2"'
    changed = await source.read()

    assert (first, again, changed) == ("one", None, "two")
    tags = [request.headers.get("if-none-match") for request in registry.requests]
    assert tags == [None, '"1"', '"1"']


async def test_without_a_tag_the_whole_is_read_each_time(registry: Registry) -> None:
    registry.tag = None
    source = registry.source()

    assert [await source.read(), await source.read()] == ["one", "one"]


@pytest.mark.parametrize("status", [204, 301, 304, 403, 404, 500])
async def test_any_other_status_is_no_answer(registry: Registry, status: int) -> None:
    registry.status = status

    with pytest.raises(SupergraphUnavailable, match=f"status {status}"):
        await registry.source().read()

    assert len(registry.requests) == 1


async def test_more_than_the_limit_is_not_read(registry: Registry) -> None:
    registry.content = b"x" * 1025
    source = registry.source()

    with pytest.raises(SupergraphUnavailable, match="1024 bytes"):
        await source.read()

    registry.content = b"small"
    assert await source.read() == "small"


async def test_an_answer_that_is_no_text_is_refused_once(registry: Registry) -> None:
    registry.content = b"\xff\xfe"
    source = registry.source()

    with pytest.raises(InvalidSupergraph, match="UTF-8"):
        await source.read()

    assert await source.read() is None


async def test_nobody_there_is_unavailable(unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/"

    with pytest.raises(SupergraphUnavailable, match="ClientConnectorError"):
        await UrlSource(url, interval=1, timeout=5, max_size=1024).read()


async def test_a_server_that_says_nothing_is_waited_for_only_so_long() -> None:
    over = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        source = UrlSource(f"http://127.0.0.1:{port}/", interval=1, timeout=0.05, max_size=1024)

        with pytest.raises(SupergraphUnavailable, match="no answer in time"):
            await source.read()
        over.set()


async def test_credentials_are_sent_and_never_told(registry: Registry) -> None:
    registry.origin = registry.origin.replace("http://", "http://ada:secret@")
    source = registry.source(path="/supergraph?token=secret")

    await source.read()

    [request] = registry.requests
    expected = base64.b64encode(b"ada:secret").decode()
    assert request.headers["authorization"] == f"Basic {expected}"
    assert request.query_params["token"] == "secret"
    assert "secret" not in source.name
    assert source.name.endswith("/supergraph")
