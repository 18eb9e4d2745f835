"""How far a sign-in with a provider proves who it is, for what is dear."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kit.database import Database
from services.identity.models import (
    Session,
    User,
)
from tests.support.browsing import Browser


async def proven_until(identity: Database, browser: Browser) -> datetime | None:
    session_id = (await browser.signed_in_as()).session_id
    async with identity.system() as session:
        return (await session.get_one(Session, session_id)).proven_until


async def test_a_sign_in_of_now_proves_who_it_is(
    identity: Database, browser: Browser, ada: User
) -> None:
    await browser.signs_in("ada")

    until = await proven_until(identity, browser)
    assert until is not None
    assert until - datetime.now(UTC) > timedelta(minutes=14)


async def test_a_sign_in_of_this_morning_proves_nothing_for_what_is_dear(
    identity: Database, browser: Browser, ada: User
) -> None:
    await browser.signs_in("ada", proved_at=str(int(time.time()) - 3600))

    assert browser.is_signed_in
    assert await proven_until(identity, browser) is None


async def test_a_sign_in_of_a_while_ago_proves_for_the_rest(
    identity: Database, browser: Browser, ada: User
) -> None:
    proved_at = int(time.time()) - 600

    await browser.signs_in("ada", proved_at=str(proved_at))

    assert await proven_until(identity, browser) == datetime.fromtimestamp(
        proved_at, UTC
    ) + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("provider_name", "proof", "proven"),
    [
        ("acme", {}, False),
        ("acme", {"amr": "pwd"}, False),
        ("acme", {"amr": "pwd mfa"}, True),
        ("acme", {"acr": "urn:example:mfa"}, True),
        ("acme", {"acr": "mfa"}, False),
        ("other", {"amr": "pwd mfa"}, False),
        ("other", {"acr": "urn:example:mfa"}, False),
    ],
)
async def test_who_has_a_second_factor_proves_it_with_one_only(
    identity: Database,
    browser: Browser,
    ada: User,
    provider_name: str,
    proof: dict[str, str],
    proven: bool,
) -> None:
    async with identity.system() as session:
        (await session.get_one(User, ada.id)).mfa_enabled = True

    await browser.signs_in("ada", provider=provider_name, **proof)

    assert browser.is_signed_in
    assert (await proven_until(identity, browser) is not None) is proven


async def test_a_fresh_proof_is_asked_for_as_step_up_needs_it(browser: Browser) -> None:
    asked = parse_qs(urlsplit(await browser.begin(fresh="true")).query)

    assert asked["prompt"] == ["login"]
    assert asked["max_age"] == ["900"]
