"""What counts as a provider's word, and what only looks like it."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import pytest_asyncio
from joserfc.jwk import OctKey

from services.identity.authentication.oidc.errors import InvalidAssertion
from services.identity.authentication.oidc.flow import Flow
from services.identity.authentication.oidc.id_tokens import Asserted, asserted_by
from tests.support.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeProvider,
    a_fake_provider,
    a_key,
    an_elliptic_key,
)

NOW = datetime.now(UTC)
FLOW = Flow(return_to="/", until=NOW + timedelta(minutes=10))
SECOND = timedelta(seconds=1)


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """One that says anything."""
    async with a_fake_provider() as running:
        yield running


def claims(provider: FakeProvider, **changed: Any) -> dict[str, Any]:
    """What a good token says, changed; None takes a claim away."""
    said = {
        "iss": provider.issuer,
        "aud": CLIENT_ID,
        "sub": "ada",
        "nonce": FLOW.nonce,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
        "auth_time": int(NOW.timestamp()) - 5,
        "email": "ada@acme.example",
        "email_verified": True,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


async def asserted(provider: FakeProvider, token: Any, **values: Any) -> Asserted:
    setting = provider.setting(**values)
    publications = provider.publications(**values)
    return await asserted_by(setting, publications, FLOW, {"id_token": token}, NOW)


async def test_a_good_token_is_what_it_says(provider: FakeProvider) -> None:
    found = await asserted(provider, provider.signed(claims(provider)))

    assert found == Asserted(
        subject="ada",
        email="ada@acme.example",
        email_verified=True,
        proved_at=datetime.fromtimestamp(int(NOW.timestamp()) - 5, UTC),
        second_factor=False,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": []},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": int((NOW - 61 * SECOND).timestamp())},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": int((NOW + 120 * SECOND).timestamp())},
        {"iat": None},
        {"nbf": int((NOW + 120 * SECOND).timestamp())},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"auth_time": "just now"},
        {"auth_time": 10**18},
        {"sub": ["ada"]},
        {"amr": "mfa"},
    ],
)
async def test_a_token_for_another_occasion_proves_nothing(
    provider: FakeProvider, changed: dict[str, Any]
) -> None:
    token = provider.signed(claims(provider, **changed))

    with pytest.raises(InvalidAssertion):
        await asserted(provider, token)


async def test_the_issuer_counts_to_the_letter(provider: FakeProvider) -> None:
    token = provider.signed(claims(provider, iss=f"{provider.issuer}/"))

    with pytest.raises(InvalidAssertion):
        await asserted(provider, token)


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int((NOW - 30 * SECOND).timestamp())},
        {"iat": int((NOW + 30 * SECOND).timestamp())},
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
    ],
)
async def test_clocks_differ_a_little_and_audiences_are_lists(
    provider: FakeProvider, changed: dict[str, Any]
) -> None:
    found = await asserted(provider, provider.signed(claims(provider, **changed)))

    assert found.subject == "ada"


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def unsigned(provider: FakeProvider) -> str:
    parts = ({"alg": "none"}, claims(provider))
    return ".".join(encoded(orjson.dumps(part)) for part in parts) + "."


def by_the_public_key_as_a_secret(provider: FakeProvider) -> str:
    # By hand: no library would lend itself to it.
    parts = ({"alg": "HS256", "kid": "one"}, claims(provider))
    signed = ".".join(encoded(orjson.dumps(part)) for part in parts)
    public = provider.key.as_pem(private=False)
    return f"{signed}.{encoded(hmac.digest(public, signed.encode(), 'sha256'))}"


def by_the_clients_secret(provider: FakeProvider) -> str:
    return provider.signed(
        claims(provider), {"alg": "HS256"}, OctKey.import_key(CLIENT_SECRET.encode())
    )


def by_a_strangers_key(provider: FakeProvider) -> str:
    return provider.signed(claims(provider), key=a_key())


def by_a_strangers_key_of_another_kind(provider: FakeProvider) -> str:
    return provider.signed(claims(provider), {"alg": "ES256"}, an_elliptic_key())


def by_a_key_that_it_brings_along(provider: FakeProvider) -> str:
    key = a_key()
    return provider.signed(claims(provider), {"jwk": key.as_dict(private=False)}, key)


def of_an_unknown_key(provider: FakeProvider) -> str:
    return provider.signed(claims(provider), {"kid": "../../etc/passwd"})


def by_an_algorithm_that_is_not_agreed(provider: FakeProvider) -> str:
    return provider.signed(claims(provider), {"alg": "RS512"})


def with_a_critical_extension(provider: FakeProvider) -> str:
    token = provider.signed(claims(provider))
    header = {"alg": "RS256", "kid": "one", "crit": ["exotic"], "exotic": True}
    return ".".join((encoded(orjson.dumps(header)), *token.split(".")[1:]))


def with_another_body(provider: FakeProvider) -> str:
    head, _, signature = provider.signed(claims(provider)).split(".")
    body = encoded(orjson.dumps(claims(provider, sub="eve")))
    return f"{head}.{body}.{signature}"


FORGERIES: list[Callable[[FakeProvider], Any]] = [
    unsigned,
    by_the_public_key_as_a_secret,
    by_the_clients_secret,
    by_a_strangers_key,
    by_a_strangers_key_of_another_kind,
    by_a_key_that_it_brings_along,
    of_an_unknown_key,
    by_an_algorithm_that_is_not_agreed,
    with_a_critical_extension,
    with_another_body,
    lambda _: "no.token.atall",
    lambda _: "",
    lambda _: None,
    lambda _: {"sub": "ada"},
]


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_what_the_provider_did_not_sign_proves_nothing(
    provider: FakeProvider, forgery: Callable[[FakeProvider], Any]
) -> None:
    with pytest.raises(InvalidAssertion):
        await asserted(provider, forgery(provider))


async def test_a_published_secret_is_no_key(provider: FakeProvider) -> None:
    secret = OctKey.generate_key(256, {"kid": "one"})
    provider.keys = [secret.as_dict(), provider.key.as_dict(private=False)]

    with pytest.raises(InvalidAssertion):
        await asserted(provider, provider.signed(claims(provider), {"alg": "HS256"}, secret))


async def test_the_access_token_must_be_the_one_that_came_with_it(provider: FakeProvider) -> None:
    at_hash = encoded(hashlib.sha256(b"access").digest()[:16])
    token = provider.signed(claims(provider, at_hash=at_hash))
    setting, publications = provider.setting(), provider.publications()

    good = {"id_token": token, "access_token": "access"}
    found = await asserted_by(setting, publications, FLOW, good, NOW)

    assert found.subject == "ada"
    with pytest.raises(InvalidAssertion):
        await asserted_by(setting, publications, FLOW, {**good, "access_token": "other"}, NOW)


async def test_only_true_is_verified(provider: FakeProvider) -> None:
    for value in ("true", 1, None, False):
        token = provider.signed(claims(provider, email_verified=value))
        assert (await asserted(provider, token)).email_verified is False


async def test_new_keys_are_read_when_a_token_needs_them(provider: FakeProvider) -> None:
    setting, publications = provider.setting(), provider.publications()
    old = {"id_token": provider.signed(claims(provider))}
    await asserted_by(setting, publications, FLOW, old, NOW)
    provider.key = a_key("two")
    new = {"id_token": provider.signed(claims(provider), {"kid": "two"})}

    found = await asserted_by(setting, publications, FLOW, new, NOW)

    assert found.subject == "ada"
    with pytest.raises(InvalidAssertion):
        await asserted_by(setting, publications, FLOW, old, NOW)


async def test_forged_tokens_do_not_make_us_ask_for_keys_again_and_again(
    provider: FakeProvider,
) -> None:
    setting, publications = provider.setting(), provider.publications()

    for n in range(20):
        token = provider.signed(claims(provider), {"kid": f"unknown {n}"})
        with pytest.raises(InvalidAssertion):
            await asserted_by(setting, publications, FLOW, {"id_token": token}, NOW)

    assert provider.asked.count("/jwks") == 2


@pytest.mark.parametrize(
    ("said", "setting", "told"),
    [
        ({"amr": ["pwd", "mfa"]}, {"asserts_second_factor": True}, True),
        ({"amr": ["pwd", "mfa"]}, {}, False),
        ({"amr": ["pwd"]}, {"asserts_second_factor": True}, False),
        ({"acr": "gold"}, {"second_factor_acr": ["gold"]}, True),
        ({"acr": "silver"}, {"second_factor_acr": ["gold"]}, False),
        ({"acr": None}, {"second_factor_acr": ["gold"]}, False),
    ],
)
async def test_a_second_factor_is_believed_as_the_operator_says(
    provider: FakeProvider, said: dict[str, Any], setting: dict[str, Any], told: bool
) -> None:
    found = await asserted(provider, provider.signed(claims(provider, **said)), **setting)

    assert found.second_factor is told
