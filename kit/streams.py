"""Reading the streams that relays write: the form of an entry, and following from now on.

Who shares work with others reads as a group instead: `kit.consumer`.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kit.cancellation import heed_cancellation
from kit.relay import stream_of

logger = logging.getLogger(__name__)

#: Milliseconds a read waits for news: less than a client waits for its server.
BLOCK: Final = 2_000
_PAUSE: Final = 1.0
_AT_ONCE: Final = 1_000


class MalformedEntry(ValueError):
    """What stands in the stream was not written by a relay."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event as it arrives. `id` is the same however often it is delivered."""

    id: UUID
    topic: str
    payload: Mapping[str, Any]

    @classmethod
    def of(cls, fields: Mapping[bytes, bytes]) -> "Received":
        """From an entry of a stream. Raises `MalformedEntry`."""
        try:
            return cls(
                id=UUID(fields[b"id"].decode()),
                topic=fields[b"topic"].decode(),
                payload=orjson.loads(fields[b"payload"]),
            )
        except (KeyError, ValueError) as error:
            raise MalformedEntry("This is no entry of a relay.") from error


@dataclass(frozen=True, slots=True)
class Live:
    """From here on nothing is missed, until `Lost`."""


@dataclass(frozen=True, slots=True)
class Lost:
    """From here on, until `Live`, events may be missed for good."""


News = Live | Lost | Received


def follower(url: str) -> Redis:
    """A client for `follow`: one that does not reconnect by itself, which would hide a break."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0))


async def follow(redis: Redis, service: str) -> AsyncGenerator[News, None]:
    """Every new event of a service, for as long as the process lives, to each that follows."""
    stream = stream_of(service)
    while True:
        try:
            last = await _end_of(redis, stream)
            yield Live()
            while True:
                for entry, fields in await _behind(redis, stream, last):
                    yield Received.of(fields)
                    last = entry
                heed_cancellation()
        except (OSError, RedisError, MalformedEntry) as error:
            logger.warning("stream lost", extra={"service": service, "reason": repr(error)})
            yield Lost()
            await asyncio.sleep(_PAUSE)


async def _end_of(redis: Redis, stream: str) -> bytes:
    newest: Any = await redis.xrevrange(stream, count=1)
    return newest[0][0] if newest else b"0-0"


async def _behind(
    redis: Redis, stream: str, last: bytes
) -> list[tuple[bytes, Mapping[bytes, bytes]]]:
    news: Any = await redis.xread({stream: last}, count=_AT_ONCE, block=BLOCK)
    return [entry for _, entries in news or () for entry in entries]
