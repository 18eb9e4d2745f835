"""Documents that clients register by sending them once with their hash.

They are kept in memory, and in Redis for the other gateways, as the hash of their text: what
Redis gives back is checked, so nothing that is put there can pass for another document.
"""

import asyncio
import logging
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.cache import Lru
from gateway.persisted.names import hash_of

logger = logging.getLogger(__name__)

_PREFIX: Final = "gateway:document:"

#: Seconds that Redis may take, and that it is left alone after it failed.
_PATIENCE: Final = 0.25
_PAUSE: Final = 1.0


class RegisteredDocuments:
    """At most `size` in memory; in Redis, if there is one, each for `lifetime` seconds unused."""

    def __init__(self, redis: Redis | None, *, size: int, longest: int, lifetime: int) -> None:
        self._redis = redis
        self._longest = longest
        self._lifetime = lifetime
        self._kept: Lru[str, str] = Lru(size)
        self._left_alone_until = 0.0

    async def find(self, hash: str) -> str | None:
        """The document with this hash. One that only Redis knew is kept here from now on."""
        kept = self._kept.get(hash)
        if kept is not None:
            return kept
        shared = await self._shared(hash)
        if shared is not None:
            self._kept.put(hash, shared)
        return shared

    async def register(self, hash: str, text: str) -> None:
        """Keep a document whose hash this is; one that is too long is not kept."""
        if len(text) > self._longest or self._kept.get(hash) is not None:
            return
        self._kept.put(hash, text)
        redis = self._reachable()
        if redis is not None:
            await self._tried(redis.set(_PREFIX + hash, text.encode(), ex=self._lifetime))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._redis is not None:
            await self._redis.aclose()

    async def _shared(self, hash: str) -> str | None:
        redis = self._reachable()
        if redis is None:
            return None
        found = await self._tried(redis.getex(_PREFIX + hash, ex=self._lifetime))
        if not isinstance(found, bytes):
            return None
        text = found.decode(errors="replace")
        if hash_of(text) == hash:
            return text
        logger.error("a registered document is not what its key says")
        return None

    def _reachable(self) -> Redis | None:
        return self._redis if _now() >= self._left_alone_until else None

    async def _tried(self, request: Any) -> object:
        """What Redis answers; None when it does not: the client sends the document again."""
        try:
            async with asyncio.timeout(_PATIENCE):
                answer: object = await request
        except (RedisError, OSError, TimeoutError) as error:
            self._left_alone_until = _now() + _PAUSE
            logger.warning("documents cannot be shared", extra={"reason": type(error).__name__})
            return None
        return answer


def _now() -> float:
    return asyncio.get_running_loop().time()
