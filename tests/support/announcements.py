"""Events of the library (`tests.support.library`), from its transactions to its stream."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from redis.asyncio import Redis

from kit.consumer import ProcessedEvent
from kit.database import Base, Database
from kit.ids import new_id
from kit.outbox import Event, OutboxRow, record
from kit.relay import Relay, stream_of
from tests.support.library import Shelf, a_library, a_reader

ACCOUNT = new_id()
SERVICE = "library"
STREAM = stream_of(SERVICE)


@dataclass(frozen=True)
class ShelfBuilt(Event):
    """A shelf is there."""

    topic: ClassVar[str] = "library.shelf-built"

    shelf_id: UUID


@asynccontextmanager
async def an_announcing_library(url: str) -> AsyncIterator[Database]:
    """The library with an outbox and a memory of events, all empty."""
    async with a_library(url) as database:
        async with database.engine.begin() as connection:
            tables = [Base.metadata.tables[name] for name in TABLES]
            await connection.run_sync(Base.metadata.create_all, tables=tables)
        yield database


TABLES = (OutboxRow.__tablename__, ProcessedEvent.__tablename__)


async def build_shelf(library: Database) -> UUID:
    """One transaction: a shelf, and the event that says so."""
    async with library.session(a_reader(ACCOUNT)) as session:
        shelf = Shelf(account_id=ACCOUNT)
        session.add(shelf)
        record(session, ShelfBuilt(shelf_id=shelf.id))
    return shelf.id


async def build_and_publish(library: Database, redis: Redis) -> UUID:
    """A shelf whose event is in the stream."""
    shelf = await build_shelf(library)
    await Relay(SERVICE, library, redis).publish()
    return shelf


async def entries(redis: Redis, stream: str = STREAM) -> list[dict[bytes, bytes]]:
    """What stands in a stream."""
    found: Any = await redis.xrange(stream)
    return [fields for _, fields in found]
