"""The outbox and its relay: what was committed is published, in order, whatever goes down."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from sqlalchemy import func, select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow, record
from kit.relay import Relay
from portal.ports import free_port
from tests.support.announcements import (
    ACCOUNT,
    SERVICE,
    STREAM,
    ShelfBuilt,
    an_announcing_library,
    build_shelf,
    entries,
)
from tests.support.databases import Databases
from tests.support.library import a_reader


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with an_announcing_library(databases.empty()) as database:
        yield database


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey_url) as client:
        await client.flushall()
        yield client


async def test_events_are_published_once_in_the_order_of_their_transactions(
    library: Database, redis: Redis
) -> None:
    shelves = [await build_shelf(library) for _ in range(3)]
    relay = Relay(SERVICE, library, redis)

    counts = [await relay.publish(), await relay.publish()]

    assert counts == [3, 0]
    payloads = [orjson.loads(entry[b"payload"]) for entry in await entries(redis)]
    assert payloads == [{"shelf_id": str(shelf)} for shelf in shelves]


async def test_more_events_than_a_batch_are_published_in_one_go(
    library: Database, redis: Redis
) -> None:
    async with library.system() as session:
        for _ in range(250):
            record(session, ShelfBuilt(shelf_id=new_id()))

    published = await Relay(SERVICE, library, redis).publish()

    assert published == await redis.xlen(STREAM) == 250


async def test_a_transaction_that_fails_announces_nothing(library: Database, redis: Redis) -> None:
    async def fail() -> None:
        async with library.session(a_reader(ACCOUNT)) as session:
            record(session, ShelfBuilt(shelf_id=new_id()))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await Relay(SERVICE, library, redis).publish() == 0


async def test_several_relays_publish_each_event_once_and_in_order(
    library: Database, redis: Redis
) -> None:
    shelves = [await build_shelf(library) for _ in range(150)]

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(Relay(SERVICE, library, redis).publish())

    payloads = [orjson.loads(entry[b"payload"]) for entry in await entries(redis)]
    assert payloads == [{"shelf_id": str(shelf)} for shelf in shelves]


async def test_a_commit_wakes_the_relay(library: Database, redis: Redis) -> None:
    async with asyncio.TaskGroup() as group:
        relay = group.create_task(Relay(SERVICE, library, redis).run())
        await build_shelf(library)
        await redis.xread({STREAM: "0"}, block=4000)
        started = asyncio.get_running_loop().time()
        await build_shelf(library)
        await redis.xread({STREAM: "$"}, block=4000)
        waited = asyncio.get_running_loop().time() - started
        relay.cancel()

    assert len(await entries(redis)) == 2
    assert waited < 4, "the relay looked by itself instead of being woken"


async def test_while_redis_is_down_events_wait(library: Database, redis: Redis) -> None:
    await build_shelf(library)
    nowhere = f"redis://127.0.0.1:{free_port()}"

    async with Redis.from_url(nowhere, retry=Retry(NoBackoff(), 0)) as down:
        with pytest.raises(ConnectionError):
            await Relay(SERVICE, library, down).publish()

    assert await Relay(SERVICE, library, redis).publish() == 1


async def test_only_published_events_are_forgotten(library: Database, redis: Redis) -> None:
    await build_shelf(library)
    relay = Relay(SERVICE, library, redis)
    await relay.publish()
    await build_shelf(library)

    await relay.forget(datetime.now(UTC) + timedelta(hours=1))

    async with library.system() as session:
        assert await session.scalar(select(func.count(OutboxRow.id))) == 1


async def test_a_recent_event_is_not_forgotten(library: Database, redis: Redis) -> None:
    await build_shelf(library)
    relay = Relay(SERVICE, library, redis)
    await relay.publish()

    await relay.forget(datetime.now(UTC) - timedelta(hours=1))

    async with library.system() as session:
        assert await session.scalar(select(func.count(OutboxRow.id))) == 1
