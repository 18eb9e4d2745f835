"""Keys that sign access tokens: rotated without anybody meeting a token they cannot check."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import delete, func, select

from kit.database import Database
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.signing_keys import AFTERWARDS, AHEAD, Key, Ring, SigningKeys
from services.identity.models import SigningKey

START = datetime(2026, 11, 21, tzinfo=UTC)
LIFETIME = timedelta(days=30)
MINUTE = timedelta(minutes=1)
SEALER = Sealer(b"k" * 32)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def clean(identity: Database) -> Database:
    """No key has been made yet."""
    async with identity.system() as session:
        await session.execute(delete(SigningKey))
    return identity


def a_key(id: str, created_at: datetime) -> Key:
    return Key(id, OKPKey.generate_key("Ed25519"), created_at)


def test_a_new_key_is_published_before_it_signs() -> None:
    ring = Ring([a_key("old", START - LIFETIME), a_key("new", START)])

    assert ring.signing(START).id == "old"
    assert ring.signing(START + AHEAD).id == "new"
    assert [key.id for key in ring.published(START)] == ["old", "new"]


def test_an_old_key_is_published_until_its_last_token_has_expired() -> None:
    ring = Ring([a_key("old", START - LIFETIME), a_key("new", START)])
    last = START + AHEAD + AFTERWARDS

    assert [key.id for key in ring.published(last - MINUTE)] == ["old", "new"]
    assert [key.id for key in ring.published(last)] == ["new"]


def test_the_very_first_key_signs_at_once() -> None:
    assert Ring([a_key("first", START)]).signing(START).id == "first"


async def test_a_key_is_replaced_at_the_end_of_its_life(clean: Database) -> None:
    clock = Clock()
    keys = SigningKeys(clean, SEALER, lifetime=LIFETIME, now=clock)

    first = await keys.signing()
    clock.now += LIFETIME
    during = await keys.signing()
    clock.now += AHEAD
    after = await keys.signing()

    assert first.id == during.id != after.id


async def test_processes_agree_on_the_keys(clean: Database) -> None:
    one, other = (SigningKeys(clean, SEALER, lifetime=LIFETIME, now=Clock()) for _ in range(2))

    assert await one.published() == await other.published()


async def test_processes_that_start_at_once_make_one_key(clean: Database) -> None:
    rings = [SigningKeys(clean, SEALER, lifetime=LIFETIME) for _ in range(4)]

    keys = await asyncio.gather(*(ring.signing() for ring in rings))

    assert len({key.id for key in keys}) == 1


async def test_what_is_published_holds_no_private_half(clean: Database) -> None:
    published = await SigningKeys(clean, SEALER, lifetime=LIFETIME).published()

    assert [set(key) for key in published] == [{"kty", "crv", "x", "kid", "alg", "use"}]


async def test_private_halves_are_neither_stored_in_the_clear_nor_logged(
    clean: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = await SigningKeys(clean, SEALER, lifetime=LIFETIME).signing()
    secret = key.pair.as_dict(private=True)["d"]
    assert isinstance(secret, str)

    async with clean.system() as session:
        row = (await session.scalars(select(SigningKey))).one()

    assert secret.encode() not in row.sealed_private_key
    assert secret not in caplog.text
    assert secret not in repr(row) + repr(key)


async def test_keys_sealed_under_another_secret_are_passed_over(clean: Database) -> None:
    await SigningKeys(clean, Sealer(b"l" * 32), lifetime=LIFETIME).signing()

    published = await SigningKeys(clean, SEALER, lifetime=LIFETIME).published()

    async with clean.system() as session:
        count = await session.scalar(select(func.count()).select_from(SigningKey))
    assert (len(published), count) == (1, 2)
