"""What a provider publishes is believed only where it fits the settings."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from services.identity.authentication.oidc.discovery import read_metadata
from services.identity.authentication.oidc.errors import ProviderUnavailable
from tests.support.fake_provider import FakeProvider, a_fake_provider, an_elliptic_key


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """One that publishes anything."""
    async with a_fake_provider() as running:
        yield running


async def test_the_endpoints_are_the_published_ones(provider: FakeProvider) -> None:
    provider.metadata = {
        "userinfo_endpoint": f"{provider.issuer}/me",
        "authorization_response_iss_parameter_supported": True,
        "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
    }

    metadata = await provider.publications().metadata.get()

    assert metadata.token_endpoint == f"{provider.issuer}/token"
    assert metadata.userinfo_endpoint == f"{provider.issuer}/me"
    assert metadata.names_issuer is True
    assert metadata.authentication == "client_secret_post"


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"token_endpoint": "https://user:password@evil.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://evil.example/me"},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
)
async def test_metadata_that_leads_astray_are_none(
    provider: FakeProvider, published: dict[str, Any]
) -> None:
    provider.metadata = published

    with pytest.raises(ProviderUnavailable):
        await provider.publications().metadata.get()


@pytest.mark.parametrize(
    "instead",
    [
        RedirectResponse("/jwks"),
        PlainTextResponse("not JSON"),
        JSONResponse(["no object"]),
        JSONResponse({}, status_code=500),
        JSONResponse({"padding": "x" * 300_000}),
        Response(status_code=204),
    ],
)
async def test_what_is_no_document_is_no_answer(provider: FakeProvider, instead: Response) -> None:
    provider.instead = instead

    with pytest.raises(ProviderUnavailable):
        await provider.publications().metadata.get()


async def test_an_answer_that_never_ends_is_not_waited_for(provider: FakeProvider) -> None:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    provider.instead = StreamingResponse(drops())

    async with asyncio.timeout(8):
        with pytest.raises(ProviderUnavailable):
            await provider.publications().metadata.get()


def test_a_provider_elsewhere_does_not_send_us_to_this_machine() -> None:
    provider = FakeProvider(issuer="https://login.example").setting()
    published = {
        "issuer": provider.issuer,
        "authorization_endpoint": "https://login.example/auth",
        "token_endpoint": "http://127.0.0.1:8000/principal",
        "jwks_uri": "https://login.example/jwks",
    }

    with pytest.raises(ValueError, match="on this machine"):
        read_metadata(published, provider)


async def test_keys_for_other_uses_are_no_keys(provider: FakeProvider) -> None:
    good = an_elliptic_key("good").as_dict(private=False)
    provider.keys = [
        {**good, "kid": "other", "use": "enc"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
        {"kty": "EC", "kid": "broken"},
        "no key",
        good,
    ]

    keys = await provider.publications().keys.get()

    assert [key.kid for key in keys.keys] == ["good"]


@pytest.mark.parametrize("keys", [[], [{"kty": "oct", "k": "c2VjcmV0"}]])
async def test_a_provider_without_keys_cannot_be_believed(
    provider: FakeProvider, keys: list[Any]
) -> None:
    provider.keys = keys

    with pytest.raises(ProviderUnavailable):
        await provider.publications().keys.get()


async def test_metadata_are_kept_for_an_hour(provider: FakeProvider) -> None:
    clock = Seconds()
    metadata = provider.publications(clock).metadata

    await metadata.get()
    clock.now += 3599
    await metadata.get()
    asked_within = len(provider.asked)
    clock.now += 1
    await metadata.get()

    assert (asked_within, len(provider.asked)) == (1, 2)


async def test_a_provider_that_fails_is_left_alone_for_a_moment(provider: FakeProvider) -> None:
    clock = Seconds()
    metadata = provider.publications(clock).metadata
    provider.instead = PlainTextResponse("down", status_code=503)

    for _ in range(10):
        with pytest.raises(ProviderUnavailable):
            await metadata.get()
    asked_while_down = len(provider.asked)
    provider.instead = None
    clock.now += 5

    assert (await metadata.get()).jwks_uri == f"{provider.issuer}/jwks"
    assert asked_while_down == 1
