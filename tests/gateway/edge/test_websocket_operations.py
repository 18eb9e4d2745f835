"""Operations over graphql-transport-ws: one pipeline, whatever carries them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse

from tests.support.streaming import SCOPE, World, a_world
from tests.support.transports import hear, say

TICKED = "subscription { ticked { number } }"


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(max_socket_operations=3) as world:
        yield world


async def subscribe(client: ClientWebSocketResponse, id: str, query: str, **more: Any) -> None:
    await say(client, type="subscribe", id=id, payload={"query": query, **more})


async def test_a_query_is_answered_once_and_is_complete(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", "{ number }")

        assert [await hear(client), await hear(client)] == [
            {"type": "next", "id": "a", "payload": {"data": {"number": 1}}},
            {"type": "complete", "id": "a"},
        ]


async def test_a_mutation_runs_too(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", "mutation { wind }")

        assert (await hear(client))["payload"] == {"data": {"wind": 2}}


async def test_variables_and_the_operations_name_are_taken(world: World) -> None:
    query = "query A { number } query B($yes: Boolean!) { number @skip(if: $yes) x: number }"
    async with world.socket() as client:
        await subscribe(client, "a", query, operationName="B", variables={"yes": True})

        assert (await hear(client))["payload"] == {"data": {"x": 1}}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ number"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { ticked { number } known { number } }"},
         "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ number }", "operationName": "X"}, "OPERATION_REFUSED"),
        ({}, "BAD_REQUEST"),
        ({"documentId": "sha256:unknown"}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "subscription { known { number } }"}, "FORBIDDEN_FIELD"),
        ({"query": "subscription { closed { number } }"}, "FORBIDDEN_FIELD"),
    ],
)  # fmt: skip
async def test_what_cannot_run_is_an_error_of_its_operation(
    world: World, payload: Any, code: str
) -> None:
    async with world.socket() as client:
        await say(client, type="subscribe", id="a", payload=payload)
        refused = await hear(client)
        await subscribe(client, "a", "{ number }")
        after = await hear(client)

    assert (refused["type"], refused["id"]) == ("error", "a")
    assert refused["payload"][0]["extensions"]["code"] == code
    assert after["payload"] == {"data": {"number": 1}}
    assert world.channel.open == 0


async def test_each_event_is_a_message_and_the_last_is_that_there_are_no_more(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", TICKED)
        await world.channel.until(open=1)
        world.channel.tick(1)
        world.channel.tick(2)
        world.channel.say(None)

        assert [(await hear(client)) for _ in range(3)] == [
            {"type": "next", "id": "a", "payload": {"data": {"ticked": {"number": 1}}}},
            {"type": "next", "id": "a", "payload": {"data": {"ticked": {"number": 2}}}},
            {"type": "complete", "id": "a"},
        ]


async def test_an_event_is_completed_by_other_subgraphs(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", "subscription { ticked { clock { name } } }")
        await world.channel.until(open=1)
        world.channel.tick(1)

        assert (await hear(client))["payload"] == {
            "data": {"ticked": {"clock": {"name": "Big Ben"}}}
        }


async def test_operations_do_not_wait_for_each_other(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", TICKED)
        await subscribe(client, "b", "{ number }")

        assert (await hear(client))["id"] == "b"


async def test_who_wants_no_more_events_gets_none_and_the_subgraph_is_left(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", TICKED)
        await world.channel.until(open=1)
        await say(client, type="complete", id="a")
        async with asyncio.timeout(1):
            await world.channel.until(open=0)
        await subscribe(client, "a", "{ number }")

        assert (await hear(client))["payload"] == {"data": {"number": 1}}


async def test_a_client_that_goes_leaves_the_subgraph_within_a_second(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", TICKED)
        await world.channel.until(open=1)
        await client.close()

        async with asyncio.timeout(1):
            await world.channel.until(open=0)


async def test_a_socket_carries_so_many_operations_and_no_more(world: World) -> None:
    async with world.socket() as client:
        for id in ("a", "b", "c", "d"):
            await subscribe(client, id, TICKED)
        refused = await hear(client)
        await say(client, type="complete", id="a")
        await subscribe(client, "d", "{ number }")
        after = await hear(client)

    assert (refused["type"], refused["id"]) == ("error", "d")
    assert refused["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert after["payload"] == {"data": {"number": 1}}


async def test_events_are_filtered_by_the_rights_of_their_moment(world: World) -> None:
    visitor = world.sign_in(SCOPE)
    already = world.channel.opened
    async with world.socket(visitor.headers) as client:
        await subscribe(client, "a", "subscription { ticked { number secret clock { secret } } }")
        await world.channel.until(open=1)
        world.channel.tick(1)
        before = (await hear(client))["payload"]
        visitor.gets()
        await world.channel.until(open=1, opened=already + 2)
        asked = len(world.calls)
        world.channel.tick(2)
        after = (await hear(client))["payload"]

    assert before == {"data": {"ticked": {"number": 1, "secret": 7, "clock": {"secret": 8}}}}
    assert after["data"] == {"ticked": {"number": 2, "secret": None, "clock": {"secret": None}}}
    assert [error["path"] for error in after["errors"]] == [
        ["ticked", "secret"],
        ["ticked", "clock", "secret"],
    ]
    assert len(world.calls) == asked


async def test_who_gets_rights_sees_more_from_then_on(world: World) -> None:
    visitor = world.sign_in()
    already = world.channel.opened
    async with world.socket(visitor.headers) as client:
        await subscribe(client, "a", "subscription { ticked { secret } }")
        await world.channel.until(open=1)
        visitor.gets(SCOPE)
        await world.channel.until(open=1, opened=already + 2)
        world.channel.tick(1)

        assert (await hear(client))["payload"] == {"data": {"ticked": {"secret": 7}}}


async def test_a_subscription_whose_rights_are_taken_ends_and_the_subgraph_is_left(
    world: World,
) -> None:
    visitor = world.sign_in(SCOPE)
    async with world.socket(visitor.headers) as client:
        await subscribe(client, "a", "subscription { closed { number } }")
        await world.channel.until(open=1)
        visitor.gets()
        ended = await hear(client)
        await world.channel.until(open=0)

    assert (ended["type"], ended["id"]) == ("error", "a")
    assert ended["payload"][0]["extensions"]["code"] == "FORBIDDEN_FIELD"


async def test_the_subgraph_is_subscribed_to_in_the_name_of_the_caller(world: World) -> None:
    visitor = world.sign_in()
    async with world.socket(visitor.headers) as client:
        await subscribe(client, "a", "subscription { known { number } }")
        await world.channel.until(open=1)

    caller = world.calls[-1].context.caller
    assert caller is not None
    assert caller.principal.id == world.issuer.principals[visitor.session_id].id


async def test_parts_come_later_for_those_who_said_that_they_take_them(world: World) -> None:
    query = '{ number clock { ... @defer(label: "name") { name } } }'
    world.gate.clear()
    async with world.socket({"incremental": "20220824"}) as client:
        await subscribe(client, "a", query)
        first = await hear(client)
        world.gate.set()
        rest = [await hear(client) for _ in range(3)]

    assert first["payload"] == {"data": {"number": 1, "clock": {}}, "hasNext": True}
    part = {"data": {"name": "Big Ben"}, "path": ["clock"], "label": "name"}
    assert [each.get("payload") for each in rest] == [
        {"incremental": [part], "hasNext": True},
        {"hasNext": False},
        None,
    ]


async def test_without_that_everything_comes_at_once(world: World) -> None:
    async with world.socket() as client:
        await subscribe(client, "a", "{ number ... @defer { clock { name } } }")

        assert (await hear(client))["payload"] == {
            "data": {"number": 1, "clock": {"name": "Big Ben"}}
        }
