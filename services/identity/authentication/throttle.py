"""Guessing is slow: who tries too often has to wait, whether or not there is something to guess.

Attempts are counted before anything is looked at, so many at once do not get past a limit; the
right answer makes up for its own pair of account and address only, which helps nobody elsewhere.
Counted in Redis, over windows that move. Without Redis each process counts by itself, by limits
that are a quarter of the usual ones.
"""

import asyncio
import hashlib
import logging
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import BlockingConnectionPool

from services.identity.authentication.addresses import network_of
from services.identity.authentication.errors import TooManyAttempts

logger = logging.getLogger(__name__)

#: Seconds that Redis may take to connect or to answer, and that it is left alone after it failed.
_PATIENCE: Final = 2.0
_LEFT_ALONE: Final = 5.0
#: Attempts stand in line for these, so that a burst of them is no reason to count without Redis.
_CONNECTIONS: Final = 4
_IN_LINE: Final = 60.0
#: Without Redis, this part of each limit is left.
_STRICTER: Final = 4


class Guarded(StrEnum):
    """What is guessed, or asked for too often."""

    PASSWORD = "password"
    CODE = "code"
    REFRESH = "refresh"
    RESET_MAIL = "reset-mail"
    RESET_TOKEN = "reset-token"
    INVITATION = "invitation"
    CLIENT_SECRET = "client-secret"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Limits:
    """Each is like `10 per 15 minutes`, or several with `;` between; nothing is no limit.

    `pair` is of one account from one address, `account` from anywhere, `address` of any account.
    Raises `ValueError`.
    """

    pair: str = ""
    account: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        for limit in filter(None, (self.pair, self.account, self.address)):
            parse_many(limit)


#: An account's limit is wider than that of a pair: nobody is locked out by a single stranger.
LIMITS: Final[Mapping[Guarded, Limits]] = {
    Guarded.PASSWORD: Limits("10 per 15 minutes", "100 per hour", "300 per 15 minutes"),
    Guarded.CODE: Limits(account="10 per 15 minutes; 100 per day", address="100 per 15 minutes"),
    Guarded.REFRESH: Limits(address="3000 per 15 minutes"),
    Guarded.RESET_MAIL: Limits(account="3 per hour", address="30 per hour"),
    Guarded.RESET_TOKEN: Limits(address="30 per 15 minutes"),
    Guarded.INVITATION: Limits(account="10 per 15 minutes", address="30 per 15 minutes"),
    Guarded.PROVIDER: Limits(address="300 per 15 minutes"),
    Guarded.CLIENT_SECRET: Limits("60 per 15 minutes", "600 per 15 minutes", "600 per 15 minutes"),
}


@dataclass(frozen=True, slots=True)
class _Window:
    """One limit on one key."""

    item: RateLimitItem
    key: str


class Throttle:
    """Counts attempts by account and by client address. `left_alone` are the seconds for which
    Redis is not asked after it failed."""

    def __init__(
        self,
        redis_url: str,
        limits: Mapping[Guarded, Limits],
        *,
        left_alone: float = _LEFT_ALONE,
    ) -> None:
        self._pool = BlockingConnectionPool.from_url(
            redis_url,
            max_connections=_CONNECTIONS,
            timeout=_IN_LINE,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
        )
        shared = RedisStorage(
            f"async+{redis_url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="identity:throttle",
            connection_pool=self._pool,  # type: ignore[arg-type]  # typed for scalars only
        )
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._limits = limits
        self._left_alone = left_alone
        self._left_alone_until = 0.0

    async def admit(
        self, what: Guarded, *, account: str | None = None, address: str | None = None
    ) -> None:
        """Count an attempt. Raises `TooManyAttempts`."""
        wait = await self.wait(what, account=account, address=address)
        if wait:
            raise TooManyAttempts(wait)

    async def wait(
        self, what: Guarded, *, account: str | None = None, address: str | None = None
    ) -> int:
        """Count an attempt: 0 when it is admitted, else the seconds until one is."""
        windows = list(self._windows(what, account, address))
        if time.monotonic() >= self._left_alone_until:
            try:
                return await _wait(self._shared, windows)
            except StorageError as error:
                self._left_alone_until = time.monotonic() + self._left_alone
                reason = type(error.storage_error).__name__
                logger.warning("throttle counts by itself", extra={"reason": reason})
        return await _wait(self._own, [_stricter(window) for window in windows])

    async def forgive(self, what: Guarded, *, account: str, address: str | None) -> None:
        """The answer was right: what this address tried on this account counts no more."""
        for window in self._pair(what, account, address):
            await self._own.clear(_stricter(window).item, window.key)
            try:
                await self._shared.clear(window.item, window.key)
            except StorageError:
                return  # it has lapsed by itself when Redis is missed for long

    async def run(self) -> None:
        """Keep the connections for as long as the process lives."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    def _windows(
        self, what: Guarded, account: str | None, address: str | None
    ) -> Iterator[_Window]:
        limits = self._limits[what]
        if address is not None:
            yield from _windows(limits.address, what, "address", network_of(address))
        if account is not None:
            yield from self._pair(what, account, address)
            yield from _windows(limits.account, what, "account", account)

    def _pair(self, what: Guarded, account: str, address: str | None) -> Iterator[_Window]:
        network = network_of(address) if address is not None else ""
        yield from _windows(self._limits[what].pair, what, "pair", f"{network} {account}")


def _windows(limits: str, what: Guarded, kind: str, name: str) -> Iterator[_Window]:
    # What strangers type is not kept, only its hash.
    key = hashlib.sha256(f"{what} {kind} {name}".encode()).hexdigest()
    for item in parse_many(limits) if limits else ():
        yield _Window(item, key)


def _stricter(window: _Window) -> _Window:
    item = window.item
    amount = max(1, item.amount // _STRICTER)
    return _Window(type(item)(amount, item.multiples, item.namespace), window.key)


async def _wait(limiter: MovingWindowRateLimiter, windows: list[_Window]) -> int:
    for window in windows:
        if not await limiter.hit(window.item, window.key):
            return await _longest(limiter, windows)
    return 0


async def _longest(limiter: MovingWindowRateLimiter, windows: list[_Window]) -> int:
    """Whole seconds until every window has room."""
    ends = [0.0]
    for window in windows:
        stats = await limiter.get_window_stats(window.item, window.key)
        if stats.remaining <= 0:
            ends.append(stats.reset_time)
    return max(1, math.ceil(max(ends) - time.time()))
