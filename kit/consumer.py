"""Consuming a service's events as a group: each is dealt with once, by one of its members."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kit.cancellation import heed_cancellation
from kit.database import Base, Database, SystemOnly
from kit.outbox import first_id_of
from kit.relay import stream_of
from kit.streams import BLOCK, MalformedEntry, Received

logger = logging.getLogger(__name__)

#: Milliseconds after which another member takes an event over that one never finished.
_STUCK: Final = 60_000
_PAUSE: Final = 1.0
_AT_ONCE: Final = 10
#: Times an event is tried before it is put aside.
_TRIES: Final = 5
#: How many events that were put aside are kept.
_ASIDE: Final = 10_000
#: How long an event is known to be dealt with: longer than any is delivered again.
_REMEMBERED: Final = timedelta(days=30)


class ProcessedEvent(SystemOnly, Base, kw_only=True):
    """An event that a group has dealt with: written together with what it led to."""

    __tablename__ = "processed_events"

    group: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))


#: Deals with one event inside the transaction that remembers it.
Handler = Callable[[AsyncSession, Received], Awaitable[None]]


class NotHandled(Exception):
    """A handler failed: the event's turn comes again. The cause says why."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """One member of a group; `name` tells it from the others. Topics without a handler pass.

    An event whose handler fails is tried again after a minute, and after five tries put aside in
    the stream `…:<group>:dead`. While Redis or the database is down no try is counted.
    """

    group: str
    name: str
    service: str
    handlers: Mapping[str, Handler]
    redis: Redis
    database: Database

    async def run(self) -> None:
        """Consume for as long as the process lives, whatever goes down meanwhile."""
        while True:
            try:
                await self.join()
                await self.forget(datetime.now(UTC) - _REMEMBERED)
                while True:
                    await self.step(BLOCK)
                    heed_cancellation()
            except (OSError, RedisError, SQLAlchemyError) as error:
                logger.warning("consumer interrupted", extra={"reason": repr(error)})
                await asyncio.sleep(_PAUSE)

    async def join(self) -> None:
        """Make the group, from the stream's beginning, where it is missing."""
        try:
            await self.redis.xgroup_create(self._stream, self.group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def step(self, block: int | None = None) -> None:
        """Deal with what others left stuck, then with what is new."""
        await self.take_over(_STUCK)
        news: Any = await self.redis.xreadgroup(
            self.group, self.name, {self._stream: ">"}, count=_AT_ONCE, block=block
        )
        for _, entries in news or ():
            for entry, fields in entries:
                await self._deal(entry, fields)

    async def take_over(self, min_idle: int) -> None:
        """Deal with events that a member took `min_idle` milliseconds ago and never finished."""
        claimed: Any = await self.redis.xautoclaim(
            self._stream, self.group, self.name, min_idle_time=min_idle, count=_AT_ONCE
        )
        for entry, fields in claimed[1]:
            await self._deal(entry, fields)

    async def forget(self, before: datetime) -> None:
        """No longer know which events from before a moment were dealt with."""
        async with self.database.system() as session:
            await session.execute(
                delete(ProcessedEvent).where(
                    ProcessedEvent.group == self.group,
                    ProcessedEvent.event_id < first_id_of(before),
                )
            )

    @property
    def _stream(self) -> str:
        return stream_of(self.service)

    async def _deal(self, entry: bytes, fields: Mapping[bytes, bytes]) -> None:
        try:
            await self._handle(Received.of(fields))
        except MalformedEntry:
            logger.exception("event put aside", extra={"entry": entry.decode()})
            await self._put_aside(fields)
        except NotHandled:
            logger.exception("event not handled", extra={"entry": entry.decode()})
            if not await self._tried_enough(entry):
                return
            await self._put_aside(fields)
        await self.redis.xack(self._stream, self.group, entry)

    async def _handle(self, received: Received) -> None:
        handler = self.handlers.get(received.topic)
        if handler is None:
            return
        async with self.database.system() as session:
            if not await self._is_first(session, received):
                return
            try:
                await handler(session, received)
                await session.flush()
            except Exception as error:
                raise NotHandled(received.topic) from error

    async def _is_first(self, session: AsyncSession, received: Received) -> bool:
        # Waits for a member that is dealing with the same event in this moment.
        claimed = await session.scalar(
            insert(ProcessedEvent)
            .values(group=self.group, event_id=received.id, at=datetime.now(UTC))
            .on_conflict_do_nothing()
            .returning(ProcessedEvent.event_id)
        )
        return claimed is not None

    async def _tried_enough(self, entry: bytes) -> bool:
        pending: Any = await self.redis.xpending_range(
            self._stream, self.group, min=entry, max=entry, count=1
        )
        return bool(pending) and pending[0]["times_delivered"] >= _TRIES

    async def _put_aside(self, fields: Mapping[bytes, bytes]) -> None:
        dead: dict[Any, Any] = dict(fields)
        await self.redis.xadd(
            f"{self._stream}:{self.group}:dead", dead, maxlen=_ASIDE, approximate=True
        )
