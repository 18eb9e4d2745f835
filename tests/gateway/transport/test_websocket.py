"""A subgraph's events over a WebSocket: the other end is a gateway, or one that misbehaves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from gateway.authentication.principals import Caller
from gateway.errors import SubgraphBadAnswer, SubgraphError, SubgraphTimeout, SubgraphUnavailable
from gateway.transport.http import open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from gateway.transport.websocket import PROTOCOL, WebSocketTransport
from kit.signing import Keyring, Signer, Verifier
from tests.support.http import served
from tests.support.issuing import a_principal
from tests.support.streaming import World, a_world

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
TICKED = "subscription { ticked { number } }"
ACK = {"type": "connection_ack"}

Script = Callable[[WebSocket], Awaitable[None]]


@asynccontextmanager
async def transport_to(url: str, **limits: Any) -> AsyncIterator[WebSocketTransport]:
    async with open_session() as session:
        told = {"timeout": 5.0, "silence": 5.0, "max_event": 1_000, **limits}
        yield WebSocketTransport("shop", url, session, Signer(KEYS), **told)


@asynccontextmanager
async def subgraph(script: Script, **limits: Any) -> AsyncIterator[WebSocketTransport]:
    """A transport to a server that follows this script."""
    app = Starlette(routes=[WebSocketRoute("/", script)])
    async with served(app) as origin, transport_to(f"{origin}/", **limits) as transport:
        yield transport


def saying(*messages: Any, protocol: str | None = PROTOCOL) -> Script:
    """Accepts, says these, waits for the other end to leave."""

    async def script(websocket: WebSocket) -> None:
        await websocket.accept(protocol)
        for message in messages:
            if isinstance(message, bytes):
                await websocket.send_bytes(message)
            elif isinstance(message, str):
                await websocket.send_text(message)
            else:
                await websocket.send_json(message)
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass

    return script


def a_request(query: str = TICKED, caller: Caller | None = None) -> SubgraphRequest:
    return SubgraphRequest("shop", query, None, {}, RequestContext(caller, None, 0))


async def heard(transport: WebSocketTransport, query: str = TICKED) -> list[Any]:
    return [each async for each in transport(a_request(query))]


def next_(payload: Any) -> dict[str, Any]:
    return {"type": "next", "id": "1", "payload": payload}


async def test_events_come_until_the_stream_is_complete() -> None:
    async with a_world() as world, transport_to(world.url) as transport:
        task = asyncio.create_task(heard(transport))
        await world.channel.until(open=1)
        world.channel.tick(1)
        world.channel.tick(2)
        world.channel.say(None)

        assert await task == [{"data": {"ticked": {"number": n}}} for n in (1, 2)]


async def test_who_leaves_closes_the_stream_within_a_second() -> None:
    async with a_world() as world, transport_to(world.url) as transport:
        async with aclosing(transport(a_request())) as events:
            await _first(world, events)

        async with asyncio.timeout(1):
            await world.channel.until(open=0)


async def _first(world: World, events: Any) -> Any:
    task = asyncio.create_task(anext(events))
    await world.channel.until(open=1)
    world.channel.tick(1)
    return await task


async def test_what_is_refused_is_one_answer_without_data() -> None:
    async with a_world() as world, transport_to(world.url) as transport:
        [answer] = await heard(transport, "subscription { nothing }")

    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_the_handshake_is_signed_and_the_operation_carries_the_caller() -> None:
    seen: list[Any] = []

    async def script(websocket: WebSocket) -> None:
        await websocket.accept(PROTOCOL)
        seen.extend([websocket.headers, await websocket.receive_json()])
        await websocket.send_json(ACK)
        seen.append(await websocket.receive_json())
        await websocket.send_json({"type": "complete", "id": "1"})
        await websocket.receive()

    principal = a_principal()
    caller = Caller(principal, principal.encode())
    async with subgraph(script) as transport:
        assert [each async for each in transport(a_request(caller=caller))] == []

    headers, init, subscribe = seen
    Verifier(KEYS, audience="shop").verify(method="GET", path="/", headers=headers, body=b"")
    assert init == {"type": "connection_init"}
    assert subscribe["payload"] == {
        "query": TICKED,
        "variables": {},
        "extensions": {"principal": caller.encoded},
    }


async def test_pings_are_answered_and_unknown_messages_passed_over() -> None:
    pongs: list[Any] = []

    async def script(websocket: WebSocket) -> None:
        await websocket.accept(PROTOCOL)
        await websocket.receive_json()
        for message in ({"type": "ping"}, ACK, {"type": "ping"}, {"type": "news"}):
            await websocket.send_json(message)
        pongs.extend([(await websocket.receive_json())["type"] for _ in range(3)])
        await websocket.send_json({"type": "complete", "id": "1"})
        await websocket.receive()

    async with subgraph(script) as transport:
        assert await heard(transport) == []

    assert sorted(pongs) == ["pong", "pong", "subscribe"]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (saying(ACK, protocol=None), SubgraphBadAnswer),
        (saying("{"), SubgraphBadAnswer),
        (saying("[]"), SubgraphBadAnswer),
        (saying({"type": 7}), SubgraphBadAnswer),
        (saying(b"{}"), SubgraphBadAnswer),
        (saying(ACK, next_([])), SubgraphBadAnswer),
        (saying(ACK, next_({})), SubgraphBadAnswer),
        (saying(ACK, {"type": "error", "id": "1"}), SubgraphBadAnswer),
        (saying(ACK, next_({"data": {"n": "x" * 2_000}})), SubgraphBadAnswer),
    ],
)
async def test_what_is_no_stream_is_an_error_of_the_subgraph(
    script: Script, error: type[SubgraphError]
) -> None:
    async with subgraph(script) as transport:
        with pytest.raises(error):
            await heard(transport)


async def test_a_socket_that_closes_too_early_is_unavailable() -> None:
    async def script(websocket: WebSocket) -> None:
        await websocket.accept(PROTOCOL)
        await websocket.send_json(ACK)
        await websocket.close(4400)

    async with subgraph(script) as transport:
        with pytest.raises(SubgraphUnavailable, match="4400"):
            await heard(transport)


async def test_a_refused_handshake_is_unavailable() -> None:
    async def script(websocket: WebSocket) -> None:
        await websocket.close()

    async with subgraph(script) as transport:
        with pytest.raises(SubgraphUnavailable):
            await heard(transport)


async def test_a_socket_must_begin_in_time() -> None:
    async with subgraph(saying(), timeout=0.05) as transport:
        with pytest.raises(SubgraphTimeout):
            await heard(transport)


async def test_the_gateway_streams_over_a_socket_where_it_is_told_to() -> None:
    async with a_world() as below:
        socket = {"ticks": below.url}
        async with a_world(subgraph_websockets=socket) as world, world.socket() as client:
            await client.send_json({"type": "subscribe", "id": "a", "payload": {"query": TICKED}})
            await below.channel.until(open=1)
            below.channel.tick(3)

            assert (await client.receive_json())["payload"] == {"data": {"ticked": {"number": 3}}}
