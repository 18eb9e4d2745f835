"""Passwords, sealed secrets, addresses: each accepts one thing only."""

import pytest
from argon2 import PasswordHasher

from kit.emails import email_key
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
