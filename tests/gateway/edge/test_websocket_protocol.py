"""The rules of graphql-transport-ws, and what breaks them: each has its code.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse

from tests.support.streaming import SOON, World, a_world
from tests.support.transports import hear, say, socket

TICKED = {"query": "subscription { ticked { number } }"}


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(max_subscriptions=500) as world:
        yield world


async def closed(client: ClientWebSocketResponse) -> int | None:
    """The code with which the gateway closes, whatever it says before."""
    async with asyncio.timeout(SOON):
        while not client.closed:
            await client.receive()
    return client.close_code


async def test_a_socket_is_acknowledged_and_speaks_its_protocol(world: World) -> None:
    async with socket(world.client, world.url) as client:
        await say(client, type="connection_init")

        assert await hear(client) == {"type": "connection_ack"}
        assert client.protocol == "graphql-transport-ws"


@pytest.mark.parametrize("protocol", ["graphql-ws", "chat"])
async def test_an_older_protocol_is_refused(world: World, protocol: str) -> None:
    async with socket(world.client, world.url, protocol=protocol) as client:
        assert await closed(client) == 4406


async def test_who_says_nothing_is_not_waited_for() -> None:
    async with a_world(init_timeout=0.05) as world, socket(world.client, world.url) as client:
        assert await closed(client) == 4408


async def test_an_operation_before_the_beginning_is_unauthorised(world: World) -> None:
    async with socket(world.client, world.url) as client:
        await say(client, type="subscribe", id="a", payload=TICKED)

        assert await closed(client) == 4401
        assert world.channel.open == 0


async def test_beginning_twice_is_too_often(world: World) -> None:
    async with world.socket() as client:
        await say(client, type="connection_init")

        assert await closed(client) == 4429


async def test_beginning_twice_at_once_is_too_often(world: World) -> None:
    async with socket(world.client, world.url) as client:
        await say(client, type="connection_init")
        await say(client, type="connection_init")

        assert await closed(client) == 4429


async def test_an_id_that_is_in_use_closes_the_socket_and_all_that_runs(world: World) -> None:
    async with world.socket() as client:
        await say(client, type="subscribe", id="a", payload=TICKED)
        await world.channel.until(open=1)
        await say(client, type="subscribe", id="a", payload=TICKED)

        assert await closed(client) == 4409
        await world.channel.until(open=0)


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        "7",
        "\\ud800",
        '{"type": "start", "id": "a", "payload": {"query": "{ number }"}}',
        '{"type": 7}',
        "{}",
        '{"type": "subscribe", "payload": {"query": "{ number }"}}',
        '{"type": "subscribe", "id": 7, "payload": {"query": "{ number }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ number }"}}',
        '{"type": "subscribe", "id": "a"}',
        '{"type": "subscribe", "id": "a", "payload": []}',
        '{"type": "subscribe", "id": "a", "payload": {"query": 7}}',
        '{"type": "subscribe", "id": "a", "payload": {"query": "{ x }", "variables": []}}',
    ],
)
async def test_a_message_that_cannot_be_meant_closes_the_socket(world: World, message: str) -> None:
    async with world.socket() as client:
        await client.send_str(message)

        assert await closed(client) == 4400


async def test_bytes_are_no_message(world: World) -> None:
    async with world.socket() as client:
        await client.send_bytes(b"{}")

        assert await closed(client) == 4400


async def test_what_begins_a_socket_has_an_object_as_payload(world: World) -> None:
    async with socket(world.client, world.url) as client:
        await say(client, type="connection_init", payload=[])

        assert await closed(client) == 4400


async def test_a_message_that_is_too_long_closes_the_socket(world: World) -> None:
    async with world.socket() as client:
        await client.send_str(" " * (1024 * 1024 + 1))

        assert await closed(client) == 1009


async def test_a_frame_beyond_all_bounds_costs_nobody_else_anything(world: World) -> None:
    async with world.socket() as other, world.socket() as client:
        with suppress(ConnectionError):  # it may be cut off while it is still sending
            await client.send_str(" " * (64 * 1024 * 1024))
        code = await closed(client)
        await say(other, type="subscribe", id="a", payload={"query": "{ number }"})

        assert code in (1006, 1009)
        assert (await hear(other))["payload"] == {"data": {"number": 1}}


async def test_a_ping_is_answered_with_what_it_brings(world: World) -> None:
    async with world.socket() as client:
        await say(client, type="ping", payload={"at": 7})
        await say(client, type="ping")

        assert await hear(client) == {"type": "pong", "payload": {"at": 7}}
        assert await hear(client) == {"type": "pong"}


async def test_a_flood_of_pings_closes_the_socket() -> None:
    async with a_world(max_socket_messages=50) as world, world.socket() as client:
        for _ in range(60):
            await say(client, type="ping")

        assert await closed(client) == 1008


async def test_who_answers_no_ping_is_gone() -> None:
    async with a_world(heartbeat=0.05, client_patience=0.1) as world, world.socket() as client:
        async with asyncio.timeout(SOON):
            ping = await client.receive_json()

        assert ping == {"type": "ping"}
        assert await closed(client) == 4499


async def test_who_answers_pings_stays() -> None:
    async with a_world(heartbeat=0.02, client_patience=5.0) as world, world.socket() as client:
        for _ in range(20):
            assert (await client.receive_json()) == {"type": "ping"}
            await say(client, type="pong")
        await say(client, type="subscribe", id="a", payload={"query": "{ number }"})

        assert (await hear(client))["payload"] == {"data": {"number": 1}}


async def test_completing_what_does_not_run_is_no_fault(world: World) -> None:
    async with world.socket() as client:
        await say(client, type="complete", id="a")
        await say(client, type="complete", id=[])
        await say(client, type="pong")
        await say(client, type="subscribe", id="a", payload={"query": "{ number }"})

        assert (await hear(client))["payload"] == {"data": {"number": 1}}


async def test_many_sockets_hear_the_same_event_over_one_stream_of_the_subgraph(
    world: World,
) -> None:
    async def hear_one_event() -> Any:
        async with world.socket() as client:
            await say(client, type="subscribe", id="a", payload=TICKED)
            await say(client, type="subscribe", id="b", payload={"query": "{ number }"})
            assert [(await hear(client))["id"] for _ in range(2)] == ["b", "b"]
            listening.release()
            return (await hear(client))["payload"]

    listening = asyncio.Semaphore(0)
    already = world.channel.opened
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(hear_one_event()) for _ in range(200)]
        for _ in tasks:
            await listening.acquire()
        world.channel.tick(5)

    assert [task.result() for task in tasks] == [{"data": {"ticked": {"number": 5}}}] * 200
    assert world.channel.opened == already + 1
    await world.channel.until(open=0)
