"""Passwords, one-time codes, sealed secrets, addresses: each accepts one thing only."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from kit.emails import email_key
from services.identity.authentication import totp
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sealing import Sealer, Unsealable


def passwords(passes: int = 1) -> Passwords:
    hasher = PasswordHasher(time_cost=passes, memory_cost=8, parallelism=1)
    return Passwords(hasher, workers=2)


async def test_a_password_matches_its_own_hash_only() -> None:
    hashed = await passwords().hash("correct horse")

    assert hashed.startswith("$argon2id$")
    assert await passwords().matches(hashed, "correct horse")
    assert not await passwords().matches(hashed, "Correct horse")


async def test_a_password_is_the_same_however_its_characters_are_composed() -> None:
    hashed = await passwords().hash("caf\u00e9")

    assert await passwords().matches(hashed, "cafe\u0301")


@pytest.mark.parametrize("hashed", [None, "", "not a hash"])
async def test_nobodys_password_never_matches(hashed: str | None) -> None:
    assert not await passwords().matches(hashed, "")


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    hashed = await passwords().hash("correct horse")

    assert not passwords().outdated(hashed)
    assert passwords(passes=2).outdated(hashed)


#: RFC 6238, appendix B, SHA-1: the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_specification(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_at(b"12345678901234567890", totp.step_at(now)) == code


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(drift: int, accepted: bool) -> None:
    secret, now = b"secret", datetime(2026, 11, 21, 12, tzinfo=UTC)
    code = totp.code_at(secret, totp.step_at(now) + drift)

    assert (totp.accepted_step(secret, code, now, after=0) is not None) is accepted


def test_a_code_works_once() -> None:
    secret, now = b"secret", datetime(2026, 11, 21, 12, tzinfo=UTC)
    code = totp.code_at(secret, totp.step_at(now))
    used = totp.accepted_step(secret, code, now, after=0)

    assert used is not None
    assert totp.accepted_step(secret, code, now, after=used) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "é12345"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert totp.accepted_step(b"secret", code, datetime.now(UTC), after=0) is None


def test_a_secret_opens_for_its_own_purpose_only() -> None:
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(b"treasure", "row 1")

    assert sealer.open(sealed, "row 1") == b"treasure"
    with pytest.raises(Unsealable):
        sealer.open(sealed, "row 2")


def test_a_secret_does_not_open_under_another_key_or_altered() -> None:
    sealed = Sealer(b"k" * 32).seal(b"treasure", "row 1")

    with pytest.raises(Unsealable):
        Sealer(b"l" * 32).open(sealed, "row 1")
    with pytest.raises(Unsealable):
        Sealer(b"k" * 32).open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "row 1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.COM", " ada@example.com "),
        ("caf\u00e9@example.com", "CAFE\u0301@example.com"),
        ("STRASSE@example.com", "stra\u00dfe@example.com"),
        ("\uff41da@example.com", "ada@example.com"),
    ],
)
def test_one_address_has_one_key_however_it_is_typed(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


def test_other_addresses_have_other_keys() -> None:
    assert email_key("ada@example.com") != email_key("ida@example.com")
