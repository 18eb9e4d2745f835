"""One reader for a process, and what its listeners hear."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from kit.broadcast import Broadcast, Listener, Missed
from kit.database import Database
from kit.ids import new_id
from kit.streams import Live, Lost, Received
from tests.support.announcements import SERVICE, an_announcing_library, build_and_publish
from tests.support.databases import Databases

NOWHERE = "redis://127.0.0.1:1"


def shelf_of(received: Received) -> str | None:
    """What events are about here."""
    shelf: str | None = received.payload.get("shelf_id")
    return shelf


def built(shelf: str) -> Received:
    return Received(new_id(), "library.shelf-built", {"shelf_id": shelf})


async def heard(listener: Listener[str], most: int = 10) -> object:
    """What the listener is told next."""
    async with asyncio.timeout(10):
        return await listener.next(most)


async def test_each_thing_is_told_once_in_the_order_of_its_first_change() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of) as listener:
        for shelf in ("b", "a", "b", "c", "a"):
            broadcast.tell(built(shelf))

        assert await heard(listener) == ["b", "a", "c"]


async def test_what_does_not_fit_is_told_next_time() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of) as listener:
        for shelf in "abc":
            broadcast.tell(built(shelf))
        told = [await heard(listener, most=2), await heard(listener, most=2)]

    assert told == [["a", "b"], ["c"]]


async def test_nobody_is_woken_by_what_is_of_no_interest() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of) as listener:
        broadcast.tell(Received(new_id(), "library.closed", {}))
        broadcast.tell(built("a"))

        assert await heard(listener) == ["a"]


async def test_every_listener_hears_everything_of_interest_to_it() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of) as one, broadcast.listening(shelf_of) as two:
        broadcast.tell(built("a"))

        assert await heard(one) == await heard(two) == ["a"]


async def test_too_much_at_once_is_told_as_missed_and_then_all_is_well() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of, room=2) as listener:
        for shelf in "abcd":
            broadcast.tell(built(shelf))
        first = await heard(listener)
        broadcast.tell(built("e"))
        second = await heard(listener)

    assert (first, second) == (Missed(), ["e"])


async def test_an_interruption_is_told_when_it_has_ended() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with broadcast.listening(shelf_of) as listener:
        broadcast.tell(built("a"))
        broadcast.tell(Lost())
        before = await heard(listener)
        broadcast.tell(Live())
        after = await heard(listener)

    assert (before, after) == (["a"], Missed())


async def test_whoever_left_is_told_nothing() -> None:
    broadcast = Broadcast(SERVICE, NOWHERE)

    with pytest.raises(RuntimeError), broadcast.listening(shelf_of):
        raise RuntimeError("The client is gone.")

    assert len(broadcast) == 0


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with an_announcing_library(databases.empty()) as database:
        yield database


async def test_one_reader_hears_what_a_relay_publishes_for_all_of_its_process(
    library: Database, valkey_url: str
) -> None:
    broadcast = Broadcast(SERVICE, valkey_url)

    with broadcast.listening(shelf_of) as one, broadcast.listening(shelf_of) as two:
        async with asyncio.TaskGroup() as group, Redis.from_url(valkey_url) as redis:
            reading = group.create_task(broadcast.run())
            first = [await heard(one), await heard(two)]  # that it is live
            shelf = await build_and_publish(library, redis)
            told = [await heard(one), await heard(two)]
            reading.cancel()

    assert first == [Missed(), Missed()]
    assert told == [[str(shelf)], [str(shelf)]]
