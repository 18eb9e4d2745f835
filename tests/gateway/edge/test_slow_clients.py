"""Clients that do not read: they cost themselves their stream, and nobody else anything."""

import asyncio
from typing import Any

from tests.support.streaming import SOON, World, a_world
from tests.support.transports import EVENTS, events, hear, say

QUERY = "subscription { ticked { number text } }"
#: Characters of an event: some dozens fill what kernels hold for a connection.
LARGE = "x" * 500_000


def flood(world: World, times: int) -> None:
    for number in range(times):
        world.channel.say({"number": number, "text": LARGE})


async def test_a_socket_that_is_not_read_is_closed_and_the_others_go_on() -> None:
    async with a_world(client_patience=0.2) as world, world.socket() as slow:
        await say(slow, type="subscribe", id="a", payload={"query": QUERY})
        await world.channel.until(open=1)
        flood(world, 60)
        await world.channel.until(open=0)
        async with world.socket() as other:
            await say(other, type="subscribe", id="a", payload={"query": "{ number }"})

            assert (await hear(other))["payload"] == {"data": {"number": 1}}


async def test_a_stream_that_is_not_read_is_cut_off() -> None:
    async with a_world(client_patience=0.2) as world, world.streamed(QUERY, EVENTS):
        await world.channel.until(open=1)
        flood(world, 60)

        await world.channel.until(open=0)


async def test_who_reads_too_late_is_told_that_events_are_missing_over_a_socket() -> None:
    async with a_world(max_waiting_events=2) as world, world.socket() as client:
        await say(client, type="subscribe", id="a", payload={"query": QUERY})
        await world.channel.until(open=1)
        flood(world, 60)
        await world.channel.until(open=0)
        said = await _until(client, "error")

    assert said["payload"][0]["extensions"]["code"] == "SLOW_CONSUMER"


async def test_who_reads_too_late_is_told_that_events_are_missing_over_a_stream() -> None:
    async with (
        a_world(max_waiting_events=2) as world,
        world.streamed(QUERY, EVENTS) as response,
        asyncio.timeout(SOON),
    ):
        await world.channel.until(open=1)
        flood(world, 60)
        answers = [each async for each in events(response)]

    assert answers[-1]["errors"][0]["extensions"]["code"] == "SLOW_CONSUMER"
    assert len(answers) < 60


async def test_one_slow_listener_does_not_take_the_events_of_another() -> None:
    async with (
        a_world(max_waiting_events=2) as world,
        world.socket() as slow,
        world.socket() as fast,
    ):
        await say(slow, type="subscribe", id="a", payload={"query": QUERY})
        await world.channel.until(open=1)
        await say(fast, type="subscribe", id="a", payload={"query": QUERY})
        await say(fast, type="subscribe", id="b", payload={"query": "{ number }"})
        await _until(fast, "complete")
        numbers = []
        for number in range(60):
            world.channel.say({"number": number, "text": LARGE})
            numbers.append((await hear(fast))["payload"]["data"]["ticked"]["number"])

        assert numbers == list(range(60))
        assert world.channel.opened == 1


async def _until(client: Any, type: str) -> Any:
    async with asyncio.timeout(SOON):
        while (message := await hear(client)) is not None:
            if message["type"] == type:
                return message
    return None
