"""Who may open a WebSocket, and when the one who did must leave."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse, WSServerHandshakeError

from gateway.authentication.credentials import ACCESS_COOKIE
from tests.support.streaming import SOON, Visitor, World, a_world
from tests.support.transports import acknowledged, hear, say, socket

OWN = "https://portal.example"
KNOWN = {"query": "subscription { known { number } }"}
ALLOWED = ["https://PORTAL.example", "https://portal.example/"]
FOREIGN = [
    "https://evil.example",
    "http://portal.example",
    "https://portal.example:8443",
    "https://portal.example.evil.example",
    "https://evil-portal.example",
    "null",
    "",
]


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(allowed_origins=[OWN]) as world:
        yield world


def by_cookie(visitor: Visitor, **headers: str) -> dict[str, str]:
    return {"cookie": f"{ACCESS_COOKIE}={visitor.token}", **headers}


async def test_a_token_in_the_first_message_says_who_calls(world: World) -> None:
    visitor = world.sign_in()
    async with world.socket({"Authorization": f"bearer {visitor.token}"}) as client:
        await say(client, type="subscribe", id="a", payload=KNOWN)
        await world.channel.until(open=1)
        world.channel.tick(1)

        assert (await hear(client))["payload"] == {"data": {"known": {"number": 1}}}


@pytest.mark.parametrize(
    "payload",
    [
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic YTpi"},
        {"authorization": ""},
        {"authorization": 7},
        {"authorization": None, "Authorization": "x"},
    ],
)
async def test_a_token_that_is_none_is_forbidden(world: World, payload: dict[str, str]) -> None:
    async with socket(world.client, world.url) as client:
        await say(client, type="connection_init", payload=payload)

        assert await hear(client) is None
        assert client.close_code == 4403


@pytest.mark.parametrize("change", [{"exp": 1}, {"iss": "https://evil.example"}, {"sid": "none"}])
async def test_a_token_that_is_not_good_is_forbidden(world: World, change: dict[str, str]) -> None:
    visitor = world.sign_in(**change)
    async with socket(world.client, world.url) as client:
        await say(client, type="connection_init", payload=visitor.headers)

        assert await hear(client) is None
        assert client.close_code == 4403


async def test_while_nobody_can_tell_who_calls_clients_come_back_later() -> None:
    async with a_world() as world:
        visitor = world.sign_in()
        world.is_identity_down = True
        async with socket(world.client, world.url) as client:
            await say(client, type="connection_init", payload=visitor.headers)

            assert await hear(client) is None
            assert client.close_code == 1013


@pytest.mark.parametrize("origin", [OWN, *ALLOWED])
async def test_a_cookie_speaks_for_pages_of_allowed_origins(world: World, origin: str) -> None:
    headers = by_cookie(world.sign_in(), origin=origin)
    async with acknowledged(world.client, world.url, headers=headers) as client:
        await say(client, type="subscribe", id="a", payload=KNOWN)
        await world.channel.until(open=1)


@pytest.mark.parametrize("origin", FOREIGN)
async def test_pages_of_other_origins_open_nothing(world: World, origin: str) -> None:
    headers = by_cookie(world.sign_in(), origin=origin)

    with pytest.raises(WSServerHandshakeError) as refused:
        async with socket(world.client, world.url, headers):
            pytest.fail("it was opened")

    assert refused.value.status == 403


async def test_a_cookie_without_an_origin_speaks_for_nobody(world: World) -> None:
    async with socket(world.client, world.url, by_cookie(world.sign_in())) as client:
        await say(client, type="connection_init")

        assert await hear(client) is None
        assert client.close_code == 4403


async def test_a_token_wins_over_a_cookie(world: World) -> None:
    headers, visitor = by_cookie(world.sign_in()), world.sign_in()
    async with acknowledged(world.client, world.url, visitor.headers, headers) as client:
        await say(client, type="subscribe", id="a", payload=KNOWN)
        await world.channel.until(open=1)

    caller = world.calls[-1].context.caller
    assert caller is not None
    assert caller.principal.id == world.issuer.principals[visitor.session_id].id


@pytest.mark.parametrize(("host", "status"), [("same", 101), ("https://evil.example", 403)])
async def test_where_no_origin_is_named_only_the_gateways_own_is_allowed(
    host: str, status: int
) -> None:
    async with a_world() as world:
        origin = {"same": world.origin}.get(host, host)
        try:
            async with socket(world.client, world.url, {"origin": origin}):
                found = 101
        except WSServerHandshakeError as refused:
            found = refused.status

    assert found == status


async def test_a_session_that_ends_closes_its_sockets_within_a_second(world: World) -> None:
    visitor = world.sign_in()
    async with world.socket(visitor.headers) as client, world.socket() as other:
        await say(client, type="subscribe", id="a", payload=KNOWN)
        await world.channel.until(open=1)
        visitor.sign_out()
        world.channel.tick(1)
        async with asyncio.timeout(1):
            said = [message async for message in _messages(client)]
            await world.channel.until(open=0)
        await say(other, type="subscribe", id="a", payload={"query": "{ number }"})

        assert client.close_code == 4403
        assert all(message["type"] != "next" for message in said)
        assert (await hear(other))["payload"] == {"data": {"number": 1}}


async def test_a_socket_on_which_nothing_runs_is_closed_too(world: World) -> None:
    visitor = world.sign_in()
    async with world.socket(visitor.headers) as client:
        visitor.sign_out()
        async with asyncio.timeout(1):
            assert await hear(client) is None

        assert client.close_code == 4403


async def test_a_socket_is_closed_when_its_token_expires(world: World) -> None:
    visitor = world.sign_in(exp=time.time() + 2)
    async with world.socket(visitor.headers) as client:
        await say(client, type="subscribe", id="a", payload=KNOWN)
        await world.channel.until(open=1)
        async with asyncio.timeout(SOON):
            said = [message async for message in _messages(client)]

        assert client.close_code == 4403
        assert all(message["type"] != "next" for message in said)


async def test_who_has_other_rights_stays(world: World) -> None:
    visitor = world.sign_in()
    async with world.socket(visitor.headers) as client:
        visitor.gets()
        await say(client, type="subscribe", id="a", payload={"query": "{ number }"})

        assert (await hear(client))["payload"] == {"data": {"number": 1}}


async def test_one_caller_opens_so_many_subscriptions_over_all_sockets() -> None:
    async with a_world(max_subscriptions=2) as world:
        visitor, other = world.sign_in(), world.sign_in()
        async with (
            world.socket(visitor.headers) as first,
            world.socket(visitor.headers) as second,
            world.socket(other.headers) as third,
        ):
            await say(first, type="subscribe", id="a", payload=KNOWN)
            await say(second, type="subscribe", id="a", payload=KNOWN)
            await say(third, type="subscribe", id="a", payload=KNOWN)
            await world.channel.until(open=2)
            await say(second, type="subscribe", id="b", payload=KNOWN)
            refused = await hear(second)
            await first.close()
            await say(second, type="subscribe", id="c", payload={"query": "{ number }"})

            assert refused["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
            assert (await hear(second))["payload"] == {"data": {"number": 1}}


async def _messages(client: ClientWebSocketResponse) -> AsyncIterator[Any]:
    while (message := await hear(client)) is not None:
        yield message
