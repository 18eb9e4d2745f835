"""The relay: publishes a service's outbox to its Redis Stream, in order, at least once."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from kit.cancellation import heed_cancellation
from kit.database import Database
from kit.outbox import CHANNEL, OutboxRow, first_id_of

logger = logging.getLogger(__name__)

_BATCH: Final = 100
#: Entries a stream keeps, more or less: what a reader may be behind without losing any.
_KEPT: Final = 100_000
#: How long a published event stays in the outbox.
_REMEMBERED: Final = timedelta(days=7)
#: Seconds between two looks when nobody wakes the relay, and after a failure.
_POLL: Final = 5.0
_PAUSE: Final = 1.0

_OUTAGES: Final = (
    OSError,
    RedisError,
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)


def stream_of(service: str) -> str:
    """The stream of a service's events."""
    return f"events:{service}"


async def relay(service: str, database: Database, redis_url: str) -> None:
    """Publish a service's events for as long as the process lives."""
    async with Redis.from_url(redis_url) as redis:
        await Relay(service, database, redis).run()


class Relay:
    """One service's relay. Any number may run: a row lock lets one of them publish."""

    def __init__(self, service: str, database: Database, redis: Redis) -> None:
        self._stream = stream_of(service)
        self._database = database
        self._redis = redis
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Publish for as long as the process lives, whatever goes down meanwhile."""
        while True:
            try:
                await self._listen_and_publish()
            except _OUTAGES as error:
                logger.warning("relay interrupted", extra={"reason": repr(error)})
                await asyncio.sleep(_PAUSE)

    async def publish(self) -> int:
        """Publish what is unpublished now; how many events that were."""
        published = 0
        while batch := await self._publish_batch():
            published += batch
        return published

    async def forget(self, before: datetime) -> None:
        """Delete published events from before a moment."""
        async with self._database.system() as session:
            await session.execute(
                delete(OutboxRow).where(
                    OutboxRow.id < first_id_of(before), OutboxRow.published_at.is_not(None)
                )
            )

    async def _listen_and_publish(self) -> None:
        async with self._database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            listener: Any = raw.driver_connection
            await listener.add_listener(CHANNEL, self._wake)
            try:
                await self.forget(datetime.now(UTC) - _REMEMBERED)
                while not listener.is_closed():
                    self._woken.clear()
                    await self.publish()
                    await self._wait()
                    heed_cancellation()
            finally:
                await connection.invalidate()  # a connection that listens is of no use to others

    def _wake(self, *_: object) -> None:
        self._woken.set()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLL):
                await self._woken.wait()

    async def _publish_batch(self) -> int:
        # Rows are marked after Redis has them: a crash in between publishes them again, under the
        # same ids. A second relay waits for the lock: to skip what is locked would break the order.
        async with self._database.system() as session:
            rows = (
                await session.scalars(
                    select(OutboxRow)
                    .where(OutboxRow.published_at.is_(None))
                    .order_by(OutboxRow.id)
                    .limit(_BATCH)
                    .with_for_update()
                )
            ).all()
            if rows:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for row in rows:
                        pipeline.xadd(self._stream, _entry(row), maxlen=_KEPT, approximate=True)
                    await pipeline.execute()
            for row in rows:
                row.published_at = datetime.now(UTC)
        return len(rows)


def _entry(row: OutboxRow) -> dict[Any, Any]:
    return {
        "id": str(row.id),
        "topic": row.topic,
        "at": row.created_at.isoformat(),
        "payload": orjson.dumps(row.payload),
    }
