"""What others publish, kept for a while: read by one at a time, and not again and again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from services.identity.authentication.oidc.errors import ProviderUnavailable

T = TypeVar("T")

#: Seconds.
_FRESH: Final = 3600.0
_HURRY: Final = 30.0
_LEFT_ALONE: Final = 5.0


class Remembered(Generic[T]):
    """Read when it is an hour old, and when it seems outdated, but for that at most twice a
    minute: what strangers send cannot make us ask more. After a failure it is left alone for a
    moment."""

    def __init__(
        self, read: Callable[[], Awaitable[T]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._clock = read, clock
        self._reading = asyncio.Lock()
        self._value: T | None = None
        self._read_at = self._hurried_at = self._failed_at = float("-inf")

    async def get(self) -> T:
        """What was read lately. Raises `ProviderUnavailable`."""
        async with self._reading:
            if self._value is None or self._clock() - self._read_at >= _FRESH:
                return await self._renewed()
            return self._value

    async def newer(self, than: T) -> T:
        """What is published now, if `than` is what we have. Raises `ProviderUnavailable`."""
        async with self._reading:
            if self._value is None:
                return await self._renewed()
            if self._value is than and self._clock() - self._hurried_at >= _HURRY:
                self._hurried_at = self._clock()
                return await self._renewed()
            return self._value

    async def _renewed(self) -> T:
        if self._clock() - self._failed_at < _LEFT_ALONE:
            raise ProviderUnavailable
        try:
            value = await self._read()
        except ProviderUnavailable:
            self._failed_at = self._clock()
            raise
        self._value, self._read_at = value, self._clock()
        return value
