"""A service hears its own events: one reader in each process, and whoever in it listens.

What is told is not the events but what they are about, each thing once however often it changed
since the listener last asked: nobody's memory grows with what others do.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from kit.streams import Live, Lost, News, Received, follow, follower

K = TypeVar("K", bound=Hashable)

#: How many different things may wait for one listener.
ROOM: Final = 1_000


@dataclass(frozen=True, slots=True)
class Missed:
    """Anything may have changed: the stream was interrupted, or too much happened at once."""


class Listener(Generic[K]):
    """What changed, on its way to somebody who may be slow."""

    def __init__(self, subject: Callable[[Received], K | None], room: int) -> None:
        self._subject = subject
        self._room = room
        self._waiting: dict[K, None] = {}
        self._missed = False
        self._news = asyncio.Event()

    async def next(self, most: int) -> Sequence[K] | Missed:
        """What changed and was not told yet, at most so much of it, in the order in which it
        first did. Waits for news."""
        await self._news.wait()
        if self._missed:
            self._forget()
            return Missed()
        told = list(islice(self._waiting, most))
        for subject in told:
            del self._waiting[subject]
        if not self._waiting:
            self._news.clear()
        return told

    def hear(self, received: Received) -> None:
        """Remember what the event is about."""
        subject = self._subject(received)
        if subject is None or self._missed:
            return
        self._waiting[subject] = None
        self._news.set()
        if len(self._waiting) > self._room:
            self.miss()

    def miss(self) -> None:
        """Remember that anything may have changed."""
        self._forget()
        self._missed = True
        self._news.set()

    def _forget(self) -> None:
        self._waiting.clear()
        self._missed = False
        self._news.clear()


class Broadcast:
    """The events of a service, told to every listener in this process."""

    def __init__(self, service: str, redis_url: str) -> None:
        self._service = service
        self._redis_url = redis_url
        self._listeners: set[Listener[Any]] = set()

    def __len__(self) -> int:
        """How many listen."""
        return len(self._listeners)

    async def run(self) -> None:
        """Read for as long as the process lives."""
        async with follower(self._redis_url) as redis:
            async for news in follow(redis, self._service):
                self.tell(news)

    def tell(self, news: News) -> None:
        """Pass news on to all who listen. Whatever was missed is told when nothing is any more."""
        match news:
            case Received():
                for listener in self._listeners:
                    listener.hear(news)
            case Live():
                for listener in self._listeners:
                    listener.miss()
            case Lost():
                pass

    @contextmanager
    def listening(
        self, subject: Callable[[Received], K | None], *, room: int = ROOM
    ) -> Iterator[Listener[K]]:
        """Hears from now on; `subject` says what an event is about, None for what is of no
        interest."""
        listener = Listener(subject, room)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
