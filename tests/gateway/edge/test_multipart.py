"""Multipart answers: subscriptions of Apollo's clients, and @defer in both its forms."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse

from tests.support.streaming import SCOPE, SOON, World, a_world
from tests.support.transports import SUBSCRIPTION, multipart_parts

TICKED = "subscription { ticked { number } }"
JSON = "application/graphql-response+json,application/json;q=0.9"
SUBSCRIBING = f"{SUBSCRIPTION},{JSON}"
DEFER = "multipart/mixed;deferSpec=20220824"
INCREMENTAL = "multipart/mixed;incrementalSpec=v0.2"
DEFERRED = '{ number clock { id ... @defer(label: "more") { name } } }'


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


async def told(response: ClientResponse) -> list[Any]:
    """All parts, to the closing boundary."""
    async with asyncio.timeout(SOON):
        return [each async for each in multipart_parts(response)]


async def test_each_event_is_a_part(world: World) -> None:
    async with world.streamed(TICKED, SUBSCRIBING) as response:
        await world.channel.until(open=1)
        world.channel.tick(1)
        world.channel.tick(2)
        world.channel.say(None)
        parts = await told(response)

    assert response.headers["content-type"].startswith('multipart/mixed; boundary="graphql"')
    assert parts == [{"payload": {"data": {"ticked": {"number": n}}}} for n in (1, 2)]


async def test_a_quiet_stream_gives_signs_of_life() -> None:
    async with (
        a_world(heartbeat=0.02) as world,
        world.streamed(TICKED, SUBSCRIBING) as response,
        asyncio.timeout(SOON),
    ):
        assert await response.content.readuntil(b"{}\r\n--graphql")
        assert await response.content.readuntil(b"{}\r\n--graphql")


async def test_why_a_stream_ends_is_told_beside_a_payload_that_is_null(world: World) -> None:
    visitor = world.sign_in()
    query = "subscription { known { number } }"
    async with world.streamed(query, SUBSCRIBING, **visitor.headers) as response:
        await world.channel.until(open=1)
        visitor.sign_out()
        [last] = await told(response)

    assert last["payload"] is None
    assert last["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_what_is_one_answer_is_json(world: World) -> None:
    async with world.streamed("{ number }", SUBSCRIBING) as response:
        assert response.content_type == "application/graphql-response+json"
        assert await response.json(content_type=None) == {"data": {"number": 1}}


async def test_what_is_refused_is_json_with_its_status(world: World) -> None:
    async with world.streamed("subscription { nothing }", SUBSCRIBING) as response:
        answer = await response.json(content_type=None)

    assert response.status == 400
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_who_takes_nothing_else_gets_one_answer_in_a_part(world: World) -> None:
    async with world.streamed("{ number }", SUBSCRIPTION) as response:
        assert await told(response) == [{"payload": {"data": {"number": 1}}}]


@pytest.mark.parametrize("accept", [DEFER, "multipart/mixed"])
async def test_parts_name_their_place_in_the_older_form(world: World, accept: str) -> None:
    world.gate.clear()
    async with world.streamed(DEFERRED, f"{accept},{JSON}") as response:
        parts = multipart_parts(response)
        first = await anext(parts)
        world.gate.set()
        rest = [each async for each in parts]

    assert response.headers["content-type"].startswith('multipart/mixed; boundary="-"')
    assert first == {"data": {"number": 1, "clock": {"id": "c1"}}, "hasNext": True}
    assert rest == [
        {"incremental": [{"data": {"name": "Big Ben"}, "path": ["clock"], "label": "more"}],
         "hasNext": True},
        {"hasNext": False},
    ]  # fmt: skip


async def test_parts_are_pending_and_completed_in_the_newer_form(world: World) -> None:
    async with world.streamed(DEFERRED, f"{INCREMENTAL},{JSON}") as response:
        parts = await told(response)

    assert parts == [
        {"data": {"number": 1, "clock": {"id": "c1"}},
         "pending": [{"id": "0", "path": ["clock"], "label": "more"}], "hasNext": True},
        {"incremental": [{"id": "0", "data": {"name": "Big Ben"}}],
         "completed": [{"id": "0"}], "hasNext": True},
        {"hasNext": False},
    ]  # fmt: skip


@pytest.mark.parametrize("accept", [DEFER, INCREMENTAL])
async def test_what_is_denied_of_a_part_is_an_error_of_the_part(world: World, accept: str) -> None:
    query = "{ number clock { id ... @defer { name secret } } }"
    async with world.streamed(query, accept) as response:
        first, second, _ = await told(response)

    [part] = second["incremental"]
    assert "errors" not in first
    assert part["data"] == {"name": "Big Ben", "secret": None}
    [error] = part["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN_FIELD"
    assert error["path"] == ["clock", "secret"]


async def test_what_is_denied_is_not_asked_for_later_either(world: World) -> None:
    already = len(world.calls)
    async with world.streamed("{ number clock { ... @defer { secret } } }", DEFER) as response:
        await told(response)

    assert "secret" not in "".join(call.document for call in world.calls[already:])


async def test_who_may_see_it_gets_it_in_its_part(world: World) -> None:
    visitor = world.sign_in(SCOPE)
    query = "{ number clock { ... @defer { secret } } }"
    async with world.streamed(query, DEFER, **visitor.headers) as response:
        _, second, _ = await told(response)

    assert second["incremental"] == [{"data": {"secret": 8}, "path": ["clock"]}]


async def test_what_defers_nothing_is_json(world: World) -> None:
    query = "query ($later: Boolean!) { clock { ... @defer(if: $later) { name } } }"
    operation = {"query": query, "variables": {"later": False}}
    async with world.client.post(
        world.url, json=operation, headers={"accept": f"{DEFER},{JSON}"}
    ) as response:
        parts = await told(response)

    assert parts == [{"data": {"clock": {"name": "Big Ben"}}}]


async def test_who_cannot_take_parts_gets_everything_at_once(world: World) -> None:
    async with world.streamed(DEFERRED, "application/json") as response:
        answer = await response.json(content_type=None)

    assert answer == {"data": {"number": 1, "clock": {"id": "c1", "name": "Big Ben"}}}


async def test_a_client_that_goes_while_a_part_is_awaited_costs_nobody_anything(
    world: World,
) -> None:
    world.gate.clear()
    async with world.streamed(DEFERRED, DEFER) as response:
        await anext(multipart_parts(response))
        response.close()
    world.gate.set()
    async with world.streamed(DEFERRED, DEFER) as response:
        assert (await told(response))[-1] == {"hasNext": False}
