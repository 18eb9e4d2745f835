"""Limits on attempts: exact, shared through Redis, stricter without it, and never open."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from kit.ids import new_id
from services.identity.authentication.errors import TooManyAttempts
from services.identity.authentication.throttle import LIMITS, Guarded, Limits, Throttle
from tests.support.credentials import NO_REDIS
from tests.support.servers import running_valkey

WINDOW = 900
RULES = {
    **LIMITS,
    Guarded.PASSWORD: Limits("4 per 15 minutes", "12 per 15 minutes", "20 per 15 minutes"),
}


@pytest_asyncio.fixture
async def throttle(valkey_url: str) -> AsyncIterator[Throttle]:
    """Limits that tests reach soon."""
    made = Throttle(valkey_url, RULES)
    yield made
    await made.close()


def an_address() -> str:
    number = new_id().int
    return f"10.{number % 251}.{number // 251 % 251}.{number // 63001 % 251}"


async def admitted(throttle: Throttle, times: int, account: str, address: str | None) -> int:
    """How many of so many attempts at once are admitted."""
    waits = await asyncio.gather(
        *(throttle.wait(Guarded.PASSWORD, account=account, address=address) for _ in range(times))
    )
    return waits.count(0)


async def age(valkey_url: str, seconds: float) -> None:
    """Every attempt was made so much earlier."""
    async with Redis.from_url(valkey_url) as redis:
        async for key in redis.scan_iter("identity:throttle*"):
            moments = [float(each) for each in await redis.lrange(key, 0, -1)]
            await redis.delete(key)
            await redis.rpush(key, *(repr(each - seconds) for each in moments))
            await redis.expire(key, WINDOW)


async def test_of_many_attempts_at_once_as_many_are_admitted_as_the_limit_says(
    throttle: Throttle,
) -> None:
    assert await admitted(throttle, 1_000, str(new_id()), an_address()) == 4


async def test_two_processes_count_together(throttle: Throttle, valkey_url: str) -> None:
    account, address, other = str(new_id()), an_address(), Throttle(valkey_url, RULES)

    counts = [
        await admitted(throttle, 3, account, address),
        await admitted(other, 3, account, address),
    ]

    await other.close()
    assert counts == [3, 1]


async def test_an_account_is_guarded_against_many_addresses(throttle: Throttle) -> None:
    account = str(new_id())

    counts = [await admitted(throttle, 4, account, an_address()) for _ in range(4)]

    assert counts == [4, 4, 4, 0]


async def test_an_address_is_stopped_whichever_accounts_it_tries(throttle: Throttle) -> None:
    address = an_address()

    counts = [await admitted(throttle, 1, str(new_id()), address) for _ in range(21)]

    assert counts == [1] * 20 + [0]


async def test_addresses_of_one_customer_are_one(throttle: Throttle) -> None:
    account, network = str(new_id()), f"2001:db8:{new_id().int % 65536:x}:1"

    counts = [await admitted(throttle, 2, account, f"{network}::{n}") for n in range(1, 4)]

    assert counts == [2, 2, 0]


async def test_an_ipv4_address_is_the_same_in_the_form_of_ipv6(throttle: Throttle) -> None:
    account, address = str(new_id()), an_address()

    counts = [
        await admitted(throttle, 4, account, address),
        await admitted(throttle, 4, account, f"::ffff:{address}"),
    ]

    assert counts == [4, 0]


async def test_the_wait_is_until_the_first_attempt_leaves_the_window_and_not_longer(
    throttle: Throttle, valkey_url: str
) -> None:
    account, address, began = str(new_id()), an_address(), time.time()
    await admitted(throttle, 4, account, address)
    await age(valkey_url, 600)

    wait = await throttle.wait(Guarded.PASSWORD, account=account, address=address)

    assert WINDOW - 600 - 1 <= wait - (began - time.time()) <= WINDOW - 600 + 1
    await age(valkey_url, wait - 2)
    assert await admitted(throttle, 1, account, address) == 0
    await age(valkey_url, 2)
    assert await admitted(throttle, 1, account, address) == 1


async def test_of_two_limits_that_are_reached_the_longer_wait_is_told(throttle: Throttle) -> None:
    account = str(new_id())
    for _ in range(10):
        await throttle.wait(Guarded.CODE, account=account)

    wait = await throttle.wait(Guarded.CODE, account=account)

    assert WINDOW - 2 <= wait <= WINDOW


async def test_a_refused_attempt_does_not_lengthen_the_wait(
    throttle: Throttle, valkey_url: str
) -> None:
    account, address = str(new_id()), an_address()
    await admitted(throttle, 4, account, address)
    await age(valkey_url, WINDOW - 100)

    await admitted(throttle, 50, account, address)

    assert await throttle.wait(Guarded.PASSWORD, account=account, address=address) <= 100


async def test_a_right_answer_makes_up_for_its_own_pair_only(throttle: Throttle) -> None:
    account, address, stranger = str(new_id()), an_address(), an_address()
    await admitted(throttle, 4, account, stranger)
    await admitted(throttle, 4, account, address)

    await throttle.forgive(Guarded.PASSWORD, account=account, address=address)

    assert await admitted(throttle, 4, account, stranger) == 0
    assert await admitted(throttle, 9, account, address) == 4


async def test_right_answers_elsewhere_do_not_widen_an_address_limit(throttle: Throttle) -> None:
    address, own = an_address(), str(new_id())
    counted = 0

    for _ in range(15):
        counted += await admitted(throttle, 1, str(new_id()), address)
        counted += await admitted(throttle, 1, own, address)
        await throttle.forgive(Guarded.PASSWORD, account=own, address=address)

    assert counted <= 20


async def test_what_strangers_type_is_not_kept(throttle: Throttle, valkey_url: str) -> None:
    await throttle.admit(Guarded.PASSWORD, account="secret@example.com", address="192.0.2.99")

    async with Redis.from_url(valkey_url) as redis:
        keys = b"\n".join([key async for key in redis.scan_iter("*")])
    assert keys
    assert b"secret" not in keys
    assert b"192.0.2.99" not in keys


async def test_without_redis_a_quarter_is_left_and_nothing_is_open() -> None:
    throttle = Throttle(NO_REDIS, RULES)

    counts = [await admitted(throttle, 20, str(new_id()), None) for _ in range(3)]

    assert counts == [1, 1, 1]
    with pytest.raises(TooManyAttempts) as refusal:
        await admit_twice(throttle)
    assert WINDOW - 2 <= refusal.value.retry_after <= WINDOW
    await throttle.close()


async def admit_twice(throttle: Throttle) -> None:
    for _ in range(2):
        await throttle.admit(Guarded.PASSWORD, account="twice")


async def test_redis_that_goes_and_comes_back_is_counted_in_again() -> None:
    account = str(new_id())
    with running_valkey() as server:
        throttle = Throttle(server.url, RULES, left_alone=0)
        before = await admitted(throttle, 2, account, None)
        async with Redis.from_url(server.url) as redis:
            await redis.config_set("maxclients", 1)
            await redis.client_kill_filter(skipme=True)
            without = await admitted(throttle, 4, account, None)
            await redis.config_set("maxclients", 1000)
        back = await admitted(throttle, 4, account, None)
        await throttle.close()

    assert (before, without, back) == (2, 1, 2)


async def test_every_kind_of_guess_has_a_limit_by_default() -> None:
    unlimited = [each for each in Guarded if not any((LIMITS[each].account, LIMITS[each].address))]

    assert set(LIMITS) == set(Guarded)
    assert unlimited == []


@pytest.mark.parametrize("limit", ["nonsense", "10", "ten per hour"])
def test_a_limit_that_cannot_be_read_is_refused_at_once(limit: str) -> None:
    with pytest.raises(ValueError, match="rate limit"):
        Limits(account=limit)
