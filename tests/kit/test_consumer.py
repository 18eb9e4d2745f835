"""Consumers: each event leads to its effect once, however often it is delivered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.consumer import Consumer, Handler, ProcessedEvent
from kit.database import Base, Database
from kit.streams import Received
from tests.support.announcements import (
    ACCOUNT,
    SERVICE,
    STREAM,
    ShelfBuilt,
    an_announcing_library,
    build_and_publish,
    entries,
)
from tests.support.databases import Databases
from tests.support.library import Book, Shelf

DEAD = f"{STREAM}:test:dead"


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with an_announcing_library(databases.empty()) as database:
        yield database


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey_url) as client:
        await client.flushall()
        yield client


async def a_member(
    library: Database, redis: Redis, handler: Handler, name: str = "one", group: str = "test"
) -> Consumer:
    member = Consumer(group, name, SERVICE, {ShelfBuilt.topic: handler}, redis, library)
    await member.join()
    return member


async def copy_the_shelf(session: AsyncSession, event: Received) -> None:
    """The effect that these tests count."""
    session.add(Shelf(account_id=ACCOUNT))


async def fail(session: AsyncSession, event: Received) -> None:
    await copy_the_shelf(session, event)
    raise LookupError


async def shelves(library: Database) -> int:
    async with library.system() as session:
        return await session.scalar(select(func.count(Shelf.id))) or 0


async def pending(redis: Redis) -> int:
    summary: Any = await redis.xpending(STREAM, "test")
    count: int = summary["pending"]
    return count


async def test_an_event_delivered_twice_is_dealt_with_once(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)
    again: Any = (await entries(redis))[0]
    await redis.xadd(STREAM, again)
    member = await a_member(library, redis, copy_the_shelf)

    await member.step()

    assert await shelves(library) == 2
    assert await pending(redis) == 0


async def test_each_group_deals_with_each_event(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)

    for group in ("test", "other"):
        await (await a_member(library, redis, copy_the_shelf, group=group)).step()

    assert await shelves(library) == 3


async def test_members_of_a_group_share_the_events(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)

    for name in ("one", "two"):
        await (await a_member(library, redis, copy_the_shelf, name)).step()

    assert await shelves(library) == 2


async def test_a_topic_without_a_handler_passes(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)
    member = Consumer("test", "one", SERVICE, {}, redis, library)
    await member.join()

    await member.step()

    assert await pending(redis) == 0


async def test_what_a_member_left_unfinished_is_taken_over(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)
    await a_member(library, redis, copy_the_shelf, "dead")
    await redis.xreadgroup("test", "dead", {STREAM: ">"})
    member = await a_member(library, redis, copy_the_shelf)

    await member.take_over(min_idle=0)

    assert await shelves(library) == 2
    assert await pending(redis) == 0


async def test_a_handler_that_fails_leaves_no_effect_and_is_asked_again(
    library: Database, redis: Redis
) -> None:
    await build_and_publish(library, redis)
    await (await a_member(library, redis, fail)).step()
    left = await shelves(library)

    await (await a_member(library, redis, copy_the_shelf)).take_over(min_idle=0)

    assert (left, await shelves(library)) == (1, 2)


async def test_an_event_that_cannot_be_dealt_with_is_put_aside_after_some_tries(
    library: Database, redis: Redis
) -> None:
    await build_and_publish(library, redis)
    member = await a_member(library, redis, fail)
    await member.step()

    for _ in range(3):
        await member.take_over(min_idle=0)
    before = await redis.xlen(DEAD)
    await member.take_over(min_idle=0)

    assert before == 0
    assert await entries(redis, DEAD) == await entries(redis)
    assert await pending(redis) == 0


async def test_what_the_database_refuses_at_the_end_is_the_handlers_failure(
    library: Database, redis: Redis
) -> None:
    async def place_a_book_nowhere(session: AsyncSession, event: Received) -> None:
        session.add(Book(shelf_id=event.id, title="?"))

    await build_and_publish(library, redis)
    member = await a_member(library, redis, place_a_book_nowhere)
    await member.step()

    for _ in range(4):
        await member.take_over(min_idle=0)

    assert await redis.xlen(DEAD) == 1


async def test_a_database_that_fails_counts_as_no_try(library: Database, redis: Redis) -> None:
    await build_and_publish(library, redis)
    member = await a_member(library, redis, copy_the_shelf)
    async with library.engine.begin() as connection:
        await connection.run_sync(Base.metadata.tables[ProcessedEvent.__tablename__].drop)

    with pytest.raises(SQLAlchemyError):
        await member.step()
    for _ in range(6):
        with pytest.raises(SQLAlchemyError):
            await member.take_over(min_idle=0)

    assert await redis.xlen(DEAD) == 0
    assert await pending(redis) == 1


async def test_what_no_relay_wrote_is_put_aside_at_once(library: Database, redis: Redis) -> None:
    await redis.xadd(STREAM, {"nonsense": "1"})
    member = await a_member(library, redis, copy_the_shelf)

    await member.step()

    assert await entries(redis, DEAD) == [{b"nonsense": b"1"}]
    assert await pending(redis) == 0


async def test_old_events_are_forgotten_and_recent_ones_are_not(
    library: Database, redis: Redis
) -> None:
    await build_and_publish(library, redis)
    member = await a_member(library, redis, copy_the_shelf)
    await member.step()

    async def known() -> int:
        async with library.system() as session:
            return await session.scalar(select(func.count(ProcessedEvent.event_id))) or 0

    await member.forget(datetime.now(UTC) - timedelta(hours=1))
    recent = await known()
    await member.forget(datetime.now(UTC) + timedelta(hours=1))

    assert (recent, await known()) == (1, 0)
