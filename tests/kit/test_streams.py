"""Following: everyone hears everything, and knows when something may have been missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from kit.database import Database
from kit.ids import new_id
from kit.streams import Live, Lost, MalformedEntry, Received, follow, follower
from tests.support.announcements import (
    SERVICE,
    STREAM,
    an_announcing_library,
    build_and_publish,
)
from tests.support.databases import Databases
from tests.support.servers import running_valkey


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with an_announcing_library(databases.empty()) as database:
        yield database


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    async with follower(valkey_url) as client:
        await client.flushall()
        yield client


async def test_a_follower_hears_what_happens_after_it_went_live(
    library: Database, redis: Redis
) -> None:
    await build_and_publish(library, redis)

    async with aclosing(follow(redis, SERVICE)) as news:
        first = await anext(news)
        shelf = await build_and_publish(library, redis)
        second = await anext(news)

    assert first == Live()
    assert isinstance(second, Received)
    assert (second.topic, second.payload) == ("library.shelf-built", {"shelf_id": str(shelf)})


async def test_every_follower_hears_every_event(library: Database, redis: Redis) -> None:
    async with aclosing(follow(redis, SERVICE)) as one, aclosing(follow(redis, SERVICE)) as two:
        await anext(one)
        await anext(two)
        await build_and_publish(library, redis)

        assert await anext(one) == await anext(two)


async def test_a_break_is_told_and_so_is_its_end() -> None:
    with running_valkey() as server:
        async with follower(server.url) as redis:
            news = follow(redis, SERVICE)
            heard = [await anext(news)]
            await redis.client_kill_filter(_type="normal", skipme=False)
            heard += [await anext(news), await anext(news)]
            await news.aclose()

    assert heard == [Live(), Lost(), Live()]


async def test_what_no_relay_wrote_breaks_the_stream_instead_of_being_heard(redis: Redis) -> None:
    async with aclosing(follow(redis, SERVICE)) as news:
        await anext(news)
        await redis.xadd(STREAM, {"id": "no uuid"})

        assert await anext(news) == Lost()


async def test_a_follower_ends_when_it_is_cancelled_in_the_moment_of_hearing(
    library: Database, redis: Redis
) -> None:
    live, heard = asyncio.Event(), asyncio.Event()

    async def listen() -> None:
        async for news in follow(redis, SERVICE):
            {Live: live, Received: heard}[type(news)].set()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        listening = group.create_task(listen())
        await live.wait()
        group.create_task(build_and_publish(library, redis))
        await heard.wait()
        listening.cancel()

    assert listening.cancelled()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"id": b"1", b"topic": b"t", b"payload": b"{}"},
        {b"id": str(new_id()).encode(), b"topic": b"t", b"payload": b"{"},
        {b"id": str(new_id()).encode(), b"topic": b"\xff", b"payload": b"{}"},
    ],
)
def test_an_entry_that_no_relay_wrote_is_refused(fields: dict[bytes, bytes]) -> None:
    with pytest.raises(MalformedEntry):
        Received.of(fields)
