"""Signing in with a real provider, over HTTP: who is signed in, and who is not."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.types import ASGIApp

from kit.database import Database
from kit.ids import to_global
from services.identity.models import (
    AuditEvent,
    ProviderLink,
    User,
    UserState,
)
from tests.support.asgi import Answer
from tests.support.browsing import Browser
from tests.support.identity import loaded
from tests.support.providers import RunningProvider


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


async def links(identity: Database) -> list[tuple[str, UUID]]:
    async with identity.system() as session:
        rows = await session.execute(select(ProviderLink.subject, ProviderLink.user_id))
        return [(subject, user_id) for subject, user_id in rows]


async def test_somebody_whose_address_the_provider_vouches_for_is_signed_in(
    identity: Database, browser: Browser, ada: User
) -> None:
    answer = await browser.signs_in("ada", return_to="/cases?view=ALL")

    found = await browser.signed_in_as()
    principal = await loaded(identity, found.session_id)
    assert (answer.status, answer.headers["location"]) == (303, "/cases?view=ALL")
    assert found.subject == to_global("user", ada.id)
    assert principal is not None
    assert principal.id == ada.id
    assert await links(identity) == [("ada", ada.id)]


async def test_tokens_come_as_cookies_that_no_script_reads_and_nowhere_else(
    browser: Browser, ada: User
) -> None:
    answer = await browser.signs_in("ada")

    assert answer.body == b""
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert {
        name: (each["path"], each["httponly"], each["samesite"], each["secure"])
        for name, each in browser.cookies.items()
    } == {
        "portal_access": ("/", True, "lax", True),
        "portal_refresh": ("/auth", True, "lax", True),
        "portal_oidc": ("/auth/oidc", True, "lax", True),
    }
    assert browser.cookies["portal_oidc"]["max-age"] == "0"


async def test_a_link_is_in_the_audit_log_of_the_persons_accounts(
    identity: Database, browser: Browser, ada: User, provider: RunningProvider
) -> None:
    await browser.signs_in("ada")
    await browser.signs_in("ada")

    async with identity.system() as session:
        rows = await session.scalars(select(AuditEvent).where(AuditEvent.actor_id == ada.id))
        events = [(event.action, event.target, event.detail) for event in rows]
    assert events == [("user.provider-linked", to_global("user", ada.id), provider.issuer)]


async def test_an_address_at_the_userinfo_endpoint_counts_as_well(
    browser: Browser, ada: User
) -> None:
    answer = await browser.signs_in("ada", provider="other")

    assert answer.status == 303
    assert (await browser.signed_in_as()).subject == to_global("user", ada.id)


async def test_who_is_linked_is_known_by_the_subject_and_not_by_the_address(
    identity: Database, app: ASGIApp, browser: Browser, ada: User
) -> None:
    await browser.signs_in("ada")
    async with identity.system() as session:
        user = await session.get_one(User, ada.id)
        user.email = user.email_key = "countess@acme.example"

    again = Browser(app)
    await again.signs_in("ada")

    assert (await again.signed_in_as()).subject == to_global("user", ada.id)


async def test_a_provider_does_not_speak_for_who_left_its_domain(
    identity: Database, app: ASGIApp, browser: Browser, ada: User
) -> None:
    await browser.signs_in("ada")
    async with identity.system() as session:
        user = await session.get_one(User, ada.id)
        user.email = user.email_key = "ada@elsewhere.example"

    again = Browser(app)
    answer = await again.signs_in("ada")

    assert refusal(answer) == (403, "DOMAIN_NOT_ALLOWED")
    assert not again.is_signed_in


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("unverified", "EMAIL_NOT_VERIFIED"),
        ("nearly verified", "EMAIL_NOT_VERIFIED"),
        ("without address", "EMAIL_NOT_VERIFIED"),
        ("elsewhere", "DOMAIN_NOT_ALLOWED"),
        ("below", "DOMAIN_NOT_ALLOWED"),
        ("nobody", "NOT_INVITED"),
        ("who says no", "PROVIDER_REFUSED"),
    ],
)
async def test_who_is_not_proved_to_be_somebody_here_is_refused(
    identity: Database, browser: Browser, ada: User, person: str, code: str
) -> None:
    answer = await browser.signs_in(person)

    assert refusal(answer) == (403, code)
    assert answer.json["error"] == "access_denied"
    assert not browser.is_signed_in
    assert browser.cookies["portal_oidc"]["max-age"] == "0"
    assert await links(identity) == []


@pytest.mark.parametrize("person", ["unverified", "nobody", "elsewhere"])
async def test_the_userinfo_endpoint_is_believed_no_more_than_the_token(
    identity: Database, browser: Browser, ada: User, person: str
) -> None:
    answer = await browser.signs_in(person, provider="other")

    assert answer.status == 403
    assert await links(identity) == []


async def test_another_subject_with_the_same_address_is_somebody_else(
    identity: Database, app: ASGIApp, browser: Browser, ada: User
) -> None:
    await browser.signs_in("ada")

    other = Browser(app)
    answer = await other.signs_in("second ada")

    assert refusal(answer) == (403, "LINKED_TO_ANOTHER")
    assert not other.is_signed_in
    assert await links(identity) == [("ada", ada.id)]


async def test_a_suspended_person_is_not_signed_in_nor_linked(
    identity: Database, browser: Browser, ada: User
) -> None:
    async with identity.system() as session:
        (await session.get_one(User, ada.id)).state = UserState.SUSPENDED

    answer = await browser.signs_in("ada")

    assert refusal(answer) == (401, "INVALID_CREDENTIALS")
    assert await links(identity) == []


async def test_two_first_sign_ins_at_once_make_one_link(
    identity: Database, app: ASGIApp, ada: User
) -> None:
    browsers = [Browser(app) for _ in range(4)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each.signs_in("ada")) for each in browsers]

    assert [task.result().status for task in tasks] == [303] * 4
    assert await links(identity) == [("ada", ada.id)]


async def test_an_unknown_provider_is_not_found(browser: Browser) -> None:
    assert refusal(await browser.get("/auth/oidc/nobody")) == (404, "UNKNOWN_PROVIDER")
    assert refusal(await browser.get("/auth/oidc/nobody/callback")) == (404, "UNKNOWN_PROVIDER")


async def test_a_provider_that_is_down_costs_its_own_sign_in(browser: Browser, ada: User) -> None:
    answer = await browser.get("/auth/oidc/down")

    assert refusal(answer) == (503, "PROVIDER_UNAVAILABLE")
    assert (await browser.signs_in("ada")).status == 303


async def test_keys_that_the_provider_changes_are_followed(
    app: ASGIApp, browser: Browser, ada: User, provider: RunningProvider
) -> None:
    await browser.signs_in("ada")

    provider.rotate_keys()

    again = Browser(app)
    assert (await again.signs_in("ada")).status == 303
