"""Streams while the supergraph changes: each goes on with the version that it began with."""

from tests.support.streaming import a_world
from tests.support.transports import EVENTS, events, hear, say
from tests.support.versions import heard

TICKED = {"query": "subscription { ticked { number } }"}
TAKEN, RETIRED = "supergraph in use", "supergraph out of use"


async def test_a_stream_goes_on_and_its_version_goes_when_it_ends() -> None:
    async with a_world() as world, world.socket() as client:
        await say(client, type="subscribe", id="a", payload=TICKED)
        await world.channel.until(open=1)
        with heard("gateway.rollout") as log:
            world.source.then(world.supergraph() + "\n# newer")
            await log.times(TAKEN, 1)
            world.channel.tick(1)
            event = await hear(client)
            retired_before = len(log.of(RETIRED))
            await say(client, type="complete", id="a")
            await log.times(RETIRED, 1)

    assert event["payload"] == {"data": {"ticked": {"number": 1}}}
    assert retired_before == 0


async def test_a_stream_over_http_goes_on_too() -> None:
    async with a_world() as world:
        with heard("gateway.rollout") as log:
            async with world.streamed(TICKED["query"], EVENTS) as response:
                await world.channel.until(open=1)
                world.source.then(world.supergraph() + "\n# newer")
                await log.times(TAKEN, 1)
                world.channel.tick(1)
                event = await anext(events(response))
            await log.times(RETIRED, 1)

    assert event == {"data": {"ticked": {"number": 1}}}


async def test_what_begins_later_on_the_same_socket_meets_the_newer_version() -> None:
    async with a_world() as world, world.socket() as client:
        await say(client, type="subscribe", id="a", payload=TICKED)
        await world.channel.until(open=1)
        with heard("gateway.rollout") as log:
            changed = world.supergraph().replace("number: Int ", "numeral: Int ")
            world.source.then(changed)
            await log.times(TAKEN, 1)
        await say(client, type="subscribe", id="b", payload={"query": "{ number }"})
        refused = await hear(client)

    assert refused["id"] == "b"
    assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_an_idle_socket_holds_no_version() -> None:
    async with a_world() as world, world.socket():
        with heard("gateway.rollout") as log:
            world.source.then(world.supergraph() + "\n# newer")
            await log.times(RETIRED, 1)

    assert len(log.of(RETIRED)) == 1
