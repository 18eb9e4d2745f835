"""Licensing's settings."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.support.licensing import the_settings


def test_settings_hold_the_vault() -> None:
    settings = the_settings("postgresql://localhost/licensing")

    assert settings.vault.secrets == {"k1": b"1" * 32}


def test_settings_do_not_print_secrets() -> None:
    printed = repr(the_settings("postgresql://localhost/licensing"))

    assert "3131" not in printed
    assert "6868" not in printed


@pytest.mark.parametrize("changed", [{"key_secrets": "k1:00"}, {"key_hash_secret": "00"}])
def test_weak_secrets_are_refused_without_being_shown(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        the_settings("postgresql://localhost/licensing", **changed)

    assert "k1:00" not in str(refused.value)
