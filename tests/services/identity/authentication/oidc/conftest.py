"""Two real providers, identity with both of them, and somebody to sign in."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete
from starlette.types import ASGIApp

from kit.database import Database
from services.identity.app import create_app
from services.identity.models import ProviderLink, Role, User
from tests.support.browsing import Browser
from tests.support.identity import a_member, a_user, an_account, kept, the_settings
from tests.support.providers import PUBLIC_URL, RunningProvider, running_provider

PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"email": "Ada@Acme.example", "email_verified": True},
    "second ada": {"email": "ada@acme.example", "email_verified": True},
    "unverified": {"email": "ada@acme.example", "email_verified": False},
    "nearly verified": {"email": "ada@acme.example", "email_verified": "true"},
    "without address": {},
    "elsewhere": {"email": "ada@elsewhere.example", "email_verified": True},
    "below": {"email": "ada@sub.acme.example", "email_verified": True},
    "nobody": {"email": "nobody@acme.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    """A provider whose ID tokens have the address."""
    with running_provider(PEOPLE) as running:
        yield running


@pytest.fixture(scope="module")
def discreet_provider() -> Iterator[RunningProvider]:
    """A provider that tells the address at its UserInfo endpoint only."""
    with running_provider(PEOPLE, in_id_token=False) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def app(
    identity_url: str,
    valkey_url: str,
    provider: RunningProvider,
    discreet_provider: RunningProvider,
) -> AsyncIterator[ASGIApp]:
    """Identity, with both of them, and with one that is down."""
    down = {**provider.as_setting("down"), "issuer": "http://127.0.0.1:1"}
    providers = [
        provider.as_setting(asserts_second_factor=True, second_factor_acr=["urn:example:mfa"]),
        discreet_provider.as_setting("other"),
        down,
    ]
    application = create_app(
        the_settings(identity_url, redis_url=valkey_url, public_url=PUBLIC_URL, providers=providers)
    )
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def browser(app: ASGIApp) -> Browser:
    """One without cookies."""
    return Browser(app)


@pytest_asyncio.fixture
async def ada(identity: Database) -> AsyncIterator[User]:
    """Somebody with an address of the provider's domain, linked to nobody yet."""
    person, account = a_user(email="ada@acme.example"), an_account()
    await kept(identity, person, account, a_member(account, person, Role.ADMINISTRATOR))
    yield person
    async with identity.system() as session:
        await session.execute(delete(ProviderLink))
        user = await session.get_one(User, person.id)
        user.email = user.email_key = f"{user.id}@left.example"
