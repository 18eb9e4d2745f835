"""A stream goes on only while its caller is who it was."""

import asyncio
from asyncio import Event
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager, aclosing, asynccontextmanager, nullcontext

import pytest

from gateway.authentication.presence import Unauthenticated, Unavailable
from gateway.authentication.principals import Caller
from gateway.errors import StreamTooOld
from gateway.subscriptions.continuity import CallerChanged, while_same
from tests.support.issuing import a_principal


def a_caller() -> Caller:
    principal = a_principal()
    return Caller(principal, principal.encode())


class Visit:
    """A presence that changes when a test says so."""

    def __init__(self, caller: Caller | Exception | None) -> None:
        self.now = caller
        self.changed = Event()
        self.seconds_left: float | None = None

    async def caller(self) -> Caller | None:
        if isinstance(self.now, Exception):
            raise self.now
        return self.now

    def changes(self) -> AbstractContextManager[Event]:
        return nullcontext(self.changed)

    def becomes(self, caller: Caller | Exception | None) -> None:
        self.now = caller
        self.changed.set()


class Numbers:
    """A stream of numbers, each given when a test says so; tells when it was closed."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[int | None] = asyncio.Queue()
        self.is_closed = False

    async def items(self) -> AsyncGenerator[int, None]:
        try:
            while (number := await self.queue.get()) is not None:
                yield number
        finally:
            self.is_closed = True


@asynccontextmanager
async def listening(
    visit: Visit, numbers: Numbers, seconds: float = 60
) -> AsyncIterator[AsyncGenerator[int, None]]:
    assert not isinstance(visit.now, Exception)
    until = asyncio.get_running_loop().time() + seconds
    items = while_same(visit, visit.now, visit.changed, numbers.items(), until=until)
    async with aclosing(items):
        yield items


async def test_items_are_given_to_the_same_caller() -> None:
    visit, numbers = Visit(a_caller()), Numbers()
    for number in (1, 2, None):
        numbers.queue.put_nowait(number)

    async with listening(visit, numbers) as items:
        assert [number async for number in items] == [1, 2]
    assert numbers.is_closed


@pytest.mark.parametrize(
    ("now", "error"),
    [
        (a_caller(), CallerChanged),
        (None, CallerChanged),
        (Unauthenticated("ended"), Unauthenticated),
        (Unavailable("down"), Unavailable),
    ],
)
async def test_what_came_after_a_change_is_given_to_nobody(
    now: Caller | Exception | None, error: type[Exception]
) -> None:
    visit, numbers = Visit(a_caller()), Numbers()
    async with listening(visit, numbers) as items:
        visit.now = now  # nobody has heard of it
        numbers.queue.put_nowait(1)

        with pytest.raises(error):
            await anext(items)
    assert numbers.is_closed


async def test_a_change_ends_a_quiet_stream_at_once() -> None:
    visit, numbers = Visit(a_caller()), Numbers()
    async with listening(visit, numbers) as items:
        visit.becomes(Unauthenticated("ended"))

        with pytest.raises(Unauthenticated):
            await anext(items)
    assert numbers.is_closed


async def test_news_that_change_nothing_end_nothing() -> None:
    visit, numbers = Visit(a_caller()), Numbers()
    async with listening(visit, numbers) as items:
        waiting = asyncio.create_task(anext(items))
        for _ in range(3):
            visit.changed.set()
            await asyncio.sleep(0)
        numbers.queue.put_nowait(1)

        assert await waiting == 1


async def test_credentials_are_looked_at_when_they_expire() -> None:
    visit, numbers = Visit(a_caller()), Numbers()
    visit.seconds_left = 0.0
    async with listening(visit, numbers) as items:
        visit.now = Unauthenticated("expired")

        with pytest.raises(Unauthenticated):
            await anext(items)


async def test_nothing_lasts_longer_than_it_may() -> None:
    visit, numbers = Visit(None), Numbers()
    async with listening(visit, numbers, seconds=0.01) as items:
        with pytest.raises(StreamTooOld):
            await anext(items)
    assert numbers.is_closed
