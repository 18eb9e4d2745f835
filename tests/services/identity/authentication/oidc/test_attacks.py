"""Answers that a provider did not give to this browser for this attempt."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.types import ASGIApp

from services.identity.models import (
    User,
)
from tests.support.asgi import Answer, call
from tests.support.browsing import Browser, at_provider, changed
from tests.support.providers import CLIENT_SECRET, PUBLIC_URL, RunningProvider

CALLBACK = "/auth/oidc/acme/callback"


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


@pytest.mark.parametrize("state", [None, "", "forged"])
async def test_an_answer_without_the_state_of_this_attempt_is_refused(
    browser: Browser, ada: User, state: str | None
) -> None:
    target = await at_provider(await browser.begin(), "ada")

    answer = await browser.get(changed(target, state=state))

    assert refusal(answer) == (400, "NOT_STARTED_HERE")
    assert not browser.is_signed_in
    assert (await browser.get(target)).status == 303


async def test_an_answer_to_another_browser_signs_nobody_in(
    app: ASGIApp, browser: Browser, ada: User
) -> None:
    attacker = Browser(app)
    target = await at_provider(await attacker.begin(), "ada")
    await browser.begin()

    assert refusal(await browser.get(target)) == (400, "NOT_STARTED_HERE")
    assert refusal(await Browser(app).get(target)) == (400, "NOT_STARTED_HERE")
    assert not browser.is_signed_in


async def test_a_code_is_good_once(browser: Browser, app: ASGIApp, ada: User) -> None:
    target = await at_provider(await browser.begin(), "ada")
    kept_by_a_thief = Browser(app, dict(browser.cookies))
    await browser.get(target)

    answer = await kept_by_a_thief.get(target)

    assert refusal(answer) == (401, "INVALID_ASSERTION")
    assert not kept_by_a_thief.is_signed_in


async def test_a_stolen_code_is_no_use_in_another_attempt(
    browser: Browser, app: ASGIApp, ada: User
) -> None:
    stolen = parse_qs(urlsplit(await at_provider(await browser.begin(), "ada")).query)["code"][0]
    thief = Browser(app)
    own = await at_provider(await thief.begin(), "nobody")

    answer = await thief.get(changed(own, code=stolen))

    assert refusal(answer) == (401, "INVALID_ASSERTION")
    assert not thief.is_signed_in


@pytest.mark.parametrize("issuer", [None, "https://evil.example"])
async def test_an_answer_of_another_issuer_is_refused(
    browser: Browser, ada: User, issuer: str | None
) -> None:
    target = await at_provider(await browser.begin(), "ada")

    answer = await browser.get(changed(target, iss=issuer))

    assert refusal(answer) == (400, "NOT_STARTED_HERE")
    assert not browser.is_signed_in


async def test_one_providers_answer_is_not_taken_for_anothers(browser: Browser, ada: User) -> None:
    target = await at_provider(await browser.begin("acme"), "ada")

    answer = await browser.get(target.replace("/oidc/acme/", "/oidc/other/"))

    assert refusal(answer) == (400, "NOT_STARTED_HERE")
    assert not browser.is_signed_in


async def test_a_callback_without_a_code_proves_nothing(browser: Browser, ada: User) -> None:
    target = await at_provider(await browser.begin(), "ada")

    assert refusal(await browser.get(changed(target, code=None))) == (401, "INVALID_ASSERTION")


async def test_the_request_binds_the_answer_to_this_attempt(
    browser: Browser, provider: RunningProvider
) -> None:
    one, other = await browser.begin(), await browser.begin()

    asked = [{k: v[0] for k, v in parse_qs(urlsplit(each).query).items()} for each in (one, other)]
    for each in asked:
        assert each["redirect_uri"] == PUBLIC_URL + CALLBACK
        assert each["response_type"] == "code"
        assert each["code_challenge_method"] == "S256"
        assert "prompt" not in each
    for name in ("state", "nonce", "code_challenge"):
        assert len({each[name] for each in asked}) == 2


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "cases",
        "",
        " /cases",
        "/cas\r\nset-cookie: x=y",
        "/caf\u00e9",
        "/" + "x" * 2048,
    ],
)
async def test_nobody_is_sent_to_another_site(browser: Browser, place: str) -> None:
    target = changed("/auth/oidc/acme", return_to=place)

    answer = await browser.get(target)

    assert refusal(answer) == (400, "INVALID_RETURN")


@pytest.mark.parametrize("path", ["/auth/oidc/acme", CALLBACK])
async def test_who_is_not_the_gateway_is_refused(app: ASGIApp, path: str) -> None:
    answer = await call(app, path, method="GET")

    assert refusal(answer) == (401, "UNSIGNED")


async def test_the_clients_secret_and_the_code_are_in_no_log(
    browser: Browser, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    target = await at_provider(await browser.begin(), "ada")
    code = parse_qs(urlsplit(target).query)["code"][0]

    await browser.get(target)
    await browser.get(target)

    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert CLIENT_SECRET not in logged
    assert code not in logged
