"""Providers as an operator sets them up, and what is refused at the start."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.identity.authentication.providers import Provider
from tests.support.identity import the_settings

SETTING: dict[str, Any] = {
    "name": "acme",
    "issuer": "https://sign-in.acme.example",
    "client_id": "portal",
    "client_secret": "s3cret",
    "domains": ["Acme.example"],
}


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "../etc"},
        {"name": "Acme"},
        {"name": ""},
        {"issuer": "http://sign-in.acme.example"},
        {"issuer": "https://user:password@acme.example"},
        {"issuer": "https://acme.example?x=1"},
        {"issuer": "https://acme.example#x"},
        {"issuer": "acme.example"},
        {"client_id": ""},
        {"client_secret": ""},
        {"domains": []},
        {"domains": [""]},
        {"domains": ["ada@acme.example"]},
        {"algorithms": []},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"unknown": True},
    ],
)
def test_what_would_not_be_safe_is_refused_without_repeating_secrets(
    changed: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Provider.model_validate({**SETTING, **changed})

    assert "s3cret" not in str(refusal.value)


def test_two_providers_do_not_share_a_name_or_an_issuer() -> None:
    other = {**SETTING, "name": "other"}

    for providers in ([SETTING, SETTING], [SETTING, other]):
        with pytest.raises(ValidationError):
            the_settings("postgresql://localhost/x", providers=providers)


def test_the_secret_does_not_print() -> None:
    settings = the_settings("postgresql://localhost/x", providers=[SETTING])

    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(settings.providers)


@pytest.mark.parametrize(
    ("email", "speaks"),
    [
        ("ada@acme.example", True),
        ("Ada@ACME.example", True),
        ("ada@sub.acme.example", False),
        ("ada@notacme.example", False),
        ("ada@acme.example.evil.example", False),
        ("ada@acme.example@evil.example", False),
        ("acme.example", False),
        ("", False),
    ],
)
def test_a_provider_speaks_for_its_domains_and_not_for_those_below(
    email: str, speaks: bool
) -> None:
    provider = Provider.model_validate(SETTING)

    assert provider.speaks_for(email) is speaks
