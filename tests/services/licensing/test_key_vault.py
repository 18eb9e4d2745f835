"""Product keys are kept secret."""

from dataclasses import replace

import pytest

from kit.ids import new_id
from services.licensing.key_vault import KeyVault, UnknownSecret

CODE = "TCAB12CD34EF56GH78J9"
VAULT = KeyVault({"k1": b"1" * 32}, b"h" * 32)


def test_what_is_sealed_opens_again() -> None:
    id = new_id()

    kept = VAULT.seal(id, CODE)

    assert VAULT.open(id, kept.sealed, kept.secret_id) == CODE
    assert (kept.head, kept.tail) == ("TC", "78J9")


def test_nothing_that_is_kept_holds_the_characters() -> None:
    kept = VAULT.seal(new_id(), CODE)

    assert CODE.encode() not in kept.sealed + kept.digest
    assert CODE not in repr(VAULT)


def test_the_same_key_is_sealed_differently_and_digested_alike() -> None:
    first, second = VAULT.seal(new_id(), CODE), VAULT.seal(new_id(), CODE)

    assert first.sealed != second.sealed
    assert first.digest == second.digest == VAULT.digest(CODE)


def test_a_sealed_key_does_not_open_in_another_row() -> None:
    kept = VAULT.seal(new_id(), CODE)

    with pytest.raises(UnknownSecret):
        VAULT.open(new_id(), kept.sealed, kept.secret_id)


def test_after_a_change_of_secrets_old_keys_open_and_new_ones_take_the_new_secret() -> None:
    id = new_id()
    kept = VAULT.seal(id, CODE)
    changed = replace(VAULT, secrets={"k2": b"2" * 32, **VAULT.secrets})

    assert changed.open(id, kept.sealed, kept.secret_id) == CODE
    assert changed.seal(id, CODE).secret_id == "k2"
    assert changed.digest(CODE) == kept.digest


def test_without_its_secret_a_key_does_not_open() -> None:
    id = new_id()
    kept = VAULT.seal(id, CODE)
    other = KeyVault({"k2": b"2" * 32}, b"h" * 32)

    with pytest.raises(UnknownSecret):
        other.open(id, kept.sealed, kept.secret_id)


def test_another_hash_secret_gives_other_digests() -> None:
    assert KeyVault(VAULT.secrets, b"x" * 32).digest(CODE) != VAULT.digest(CODE)


@pytest.mark.parametrize(
    ("secrets", "hash_secret"),
    [
        ("", "00" * 32),
        ("k1:", "00" * 32),
        ("k1:00", "00" * 32),
        ("k1:zz", "00" * 32),
        (f"k1:{'00' * 16}", "00" * 32),
        (f"k1:{'00' * 32}", ""),
        (f"k1:{'00' * 32}", "00" * 16),
    ],
)
def test_weak_or_broken_secrets_are_refused(secrets: str, hash_secret: str) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|hexadecimal"):
        KeyVault.parse(secrets, hash_secret)
