"""Server-sent events: GraphQL over SSE in its distinct connections mode."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientResponse

from gateway.authentication.credentials import ACCESS_COOKIE
from tests.support.streaming import SCOPE, SOON, World, a_world
from tests.support.transports import EVENTS, events

TICKED = "subscription { ticked { number } }"
KNOWN = "subscription { known { number } }"


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


async def told(response: ClientResponse) -> list[Any]:
    """All that is told until the stream is complete."""
    async with asyncio.timeout(SOON):
        return [each async for each in events(response)]


def codes(answers: list[Any]) -> list[str]:
    return [error["extensions"]["code"] for each in answers for error in each.get("errors", ())]


@pytest.mark.parametrize(
    ("query", "data"), [("{ number }", {"number": 1}), ("mutation { wind }", {"wind": 2})]
)
async def test_one_answer_is_one_event(world: World, query: str, data: Any) -> None:
    async with world.streamed(query, EVENTS) as response:
        answers = await told(response)

    assert response.content_type == "text/event-stream"
    assert response.headers["cache-control"] == "private, no-store"
    assert answers == [{"data": data}]


async def test_each_event_is_told_as_it_comes(world: World) -> None:
    async with world.streamed(TICKED, EVENTS) as response:
        answers = events(response)
        await world.channel.until(open=1)
        world.channel.tick(1)
        first = await anext(answers)
        world.channel.tick(2)
        second = await anext(answers)
        world.channel.say(None)

        assert await anext(answers, None) is None

    assert [first, second] == [{"data": {"ticked": {"number": n}}} for n in (1, 2)]


async def test_what_is_wrong_is_told_as_an_event_too(world: World) -> None:
    """An EventSource reads neither status nor body of what is no stream."""
    async with world.streamed("{ nothing }", EVENTS) as response:
        answers = await told(response)

    assert response.status == 200
    assert codes(answers) == ["GRAPHQL_VALIDATION_FAILED"]
    assert "data" not in answers[0]


async def test_who_takes_json_too_gets_json_for_what_is_one_answer(world: World) -> None:
    accept = "application/graphql-response+json, text/event-stream"
    async with world.streamed("{ number }", accept) as response:
        answer = await response.json(content_type=None)
    async with world.streamed("{ nothing }", accept) as refused:
        assert refused.status == 400

    assert response.content_type == "application/graphql-response+json"
    assert answer == {"data": {"number": 1}}


async def test_who_takes_json_too_gets_events_for_what_is_several(world: World) -> None:
    async with world.streamed(TICKED, f"application/json, {EVENTS}") as response:
        await world.channel.until(open=1)

        assert response.content_type == "text/event-stream"
    await world.channel.until(open=0)


async def test_who_takes_one_answer_only_cannot_subscribe(world: World) -> None:
    async with world.streamed(TICKED, "application/json") as response:
        answer = await response.json(content_type=None)

    assert response.status == 406
    assert codes([answer]) == ["NOT_ACCEPTABLE"]


async def test_an_event_source_subscribes_by_get(world: World) -> None:
    async with world.client.get(
        world.url, params={"query": TICKED}, headers={"accept": EVENTS}
    ) as response:
        await world.channel.until(open=1)
        world.channel.tick(1)

        assert await anext(events(response)) == {"data": {"ticked": {"number": 1}}}
    await world.channel.until(open=0)


@pytest.mark.parametrize("accept", [EVENTS, "application/json"])
async def test_a_get_changes_nothing(world: World, accept: str) -> None:
    async with world.client.get(
        world.url, params={"query": "mutation { wind }"}, headers={"accept": accept}
    ) as response:
        assert response.status == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"graphql-require-preflight": "1"}, 200),
    ],
)
async def test_a_cookie_speaks_for_pages_of_this_origin_only(
    world: World, headers: dict[str, str], status: int
) -> None:
    cookie = f"{ACCESS_COOKIE}={world.sign_in().token}"
    async with world.client.get(
        world.url,
        params={"query": "{ number }"},
        headers={"accept": EVENTS, "cookie": cookie, **headers},
    ) as response:
        assert response.status == status


async def test_being_of_this_origin_is_no_preflight_for_json(world: World) -> None:
    headers = {"cookie": f"{ACCESS_COOKIE}={world.sign_in().token}"}
    async with world.client.get(
        world.url,
        params={"query": "{ number }"},
        headers={"accept": "application/json", "sec-fetch-site": "same-origin", **headers},
    ) as response:
        assert response.status == 403


async def test_a_batch_is_no_stream(world: World) -> None:
    batch = [{"query": "{ number }"}, {"query": TICKED}]
    async with world.client.post(
        world.url,
        data=orjson.dumps(batch),
        headers={"accept": f"application/json, {EVENTS}", "content-type": "application/json"},
    ) as response:
        assert response.status == 406


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [("POST", b"{", 400), ("POST", b'{"query":7}', 400), ("POST", b"{}", 400), ("PUT", b"{}", 405)],
)
async def test_what_is_no_operation_has_a_status(
    world: World, method: str, body: bytes, status: int
) -> None:
    headers = {"accept": EVENTS, "content-type": "application/json"}
    async with world.client.request(method, world.url, data=body, headers=headers) as response:
        assert response.status == status


async def test_a_form_of_another_site_sends_nothing(world: World) -> None:
    headers = {"accept": EVENTS, "content-type": "text/plain"}
    async with world.client.post(world.url, data=b'{"query":"{x}"}', headers=headers) as response:
        assert response.status == 415


async def test_bad_credentials_have_a_status(world: World) -> None:
    headers = {"authorization": "Bearer nonsense"}
    async with world.streamed(TICKED, EVENTS, **headers) as response:
        assert response.status == 401


async def test_a_quiet_stream_gives_signs_of_life() -> None:
    async with (
        a_world(heartbeat=0.02) as world,
        world.streamed(TICKED, EVENTS) as response,
        asyncio.timeout(SOON),
    ):
        signs = [await response.content.readuntil(b"\n\n") for _ in range(5)]

    assert signs == [b":\n\n"] * 5


async def test_a_client_that_goes_leaves_the_subgraph_within_a_second(world: World) -> None:
    async with world.streamed(TICKED, EVENTS) as response:
        await world.channel.until(open=1)
        response.close()

        async with asyncio.timeout(1):
            await world.channel.until(open=0)


async def test_a_session_that_ends_ends_the_stream_within_a_second(world: World) -> None:
    visitor = world.sign_in()
    async with world.streamed(KNOWN, EVENTS, **visitor.headers) as response:
        await world.channel.until(open=1)
        visitor.sign_out()
        world.channel.tick(1)
        async with asyncio.timeout(1):
            answers = await told(response)

    assert codes(answers) == ["UNAUTHENTICATED"]
    assert len(answers) == 1


async def test_no_event_comes_after_the_token_has_expired(world: World) -> None:
    visitor = world.sign_in(exp=time.time() + 2)
    async with world.streamed(KNOWN, EVENTS, **visitor.headers) as response:
        answers = await told(response)

    assert codes(answers) == ["UNAUTHENTICATED"]


async def test_an_event_is_filtered_by_the_rights_of_its_moment(world: World) -> None:
    visitor = world.sign_in(SCOPE)
    already = world.channel.opened
    query = "subscription { ticked { secret } }"
    async with world.streamed(query, EVENTS, **visitor.headers) as response:
        answers = events(response)
        await world.channel.until(open=1)
        visitor.gets()
        await world.channel.until(open=1, opened=already + 2)
        world.channel.tick(1)
        answer = await anext(answers)

    assert answer["data"] == {"ticked": {"secret": None}}
    assert codes([answer]) == ["FORBIDDEN_FIELD"]


async def test_a_stream_does_not_last_for_ever() -> None:
    async with a_world(max_stream_seconds=0.2) as world:
        async with world.streamed(TICKED, EVENTS) as response:
            answers = await told(response)
        await world.channel.until(open=0)

    assert codes(answers) == ["STREAM_TOO_OLD"]


async def test_a_subgraph_that_breaks_off_ends_the_stream_with_an_error() -> None:
    async with a_world() as world, world.streamed(TICKED, EVENTS) as response:
        await world.channel.until(open=1)
        world.channel.say(LookupError("disk 7 is on fire"))
        answers = await told(response)

    assert codes(answers) == ["SUBGRAPH_UNAVAILABLE"]
    assert b"disk" not in orjson.dumps(answers)


async def test_without_a_way_to_the_subgraph_the_stream_is_one_error() -> None:
    async with (
        a_world(subgraph_urls={"ticks": "http://127.0.0.1:9/"}) as world,
        world.streamed(TICKED, EVENTS) as response,
    ):
        answers = await told(response)

    assert codes(answers) == ["SUBGRAPH_UNAVAILABLE"]


async def test_parts_are_events_too_for_those_who_take_them(world: World) -> None:
    accept = f"{EVENTS};incrementalSpec=v0.2"
    query = "{ number clock { ... @defer { name } } }"
    async with world.streamed(query, accept) as response:
        answers = await told(response)

    assert answers == [
        {"data": {"number": 1, "clock": {}}, "pending": [{"id": "0", "path": ["clock"]}],
         "hasNext": True},
        {"incremental": [{"id": "0", "data": {"name": "Big Ben"}}], "completed": [{"id": "0"}],
         "hasNext": True},
        {"hasNext": False},
    ]  # fmt: skip
