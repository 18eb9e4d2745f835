"""Bounded caches in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """The most recently used values, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[V]:
        """The values, the one used last first. They do not count as used by this."""
        return reversed(self._values.values())

    def get(self, key: K) -> V | None:
        """The value, which counts as used now."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Keep the value, and drop the one unused for longest when there is no room."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._size:
            self._values.popitem(last=False)


class SingleFlight(Generic[K, V]):
    """An `Lru` whose values are made once, however many ask for one at the same time.

    A value that could not be made is not kept: whoever asks next tries again.
    """

    def __init__(self, size: int, make: Callable[[K], Awaitable[V]]) -> None:
        self._kept: Lru[K, V] = Lru(size)
        self._make = make
        self._making: dict[K, asyncio.Future[V]] = {}

    async def get(self, key: K) -> V:
        """The value, made now if need be. Raises what making it raises."""
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        making = self._making.get(key)
        if making is None:
            making = asyncio.ensure_future(self._made(key))
            self._making[key] = making
        # A caller that leaves must not take the value from the others.
        return await asyncio.shield(making)

    async def _made(self, key: K) -> V:
        try:
            value = await self._make(key)
        finally:
            del self._making[key]
        self._kept.put(key, value)
        return value
