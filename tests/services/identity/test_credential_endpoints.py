"""Step-up and forgotten passwords over HTTP, and what every route does about guessing."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import select
from starlette.types import ASGIApp

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from kit.signing import Keyring, Signer
from services.identity.app import create_app
from services.identity.authentication.one_time_codes import seal_secret
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import hash_of, new_secret
from services.identity.models import Credential, PasswordReset, Session, User, UserState
from tests.support.asgi import Answer, call
from tests.support.identity import SIGNING_KEYS, the_settings
from tests.support.signing_in import PASSWORD, SECRET, a_person

SIGNER = Signer(Keyring.parse(SIGNING_KEYS))
JSON = {"content-type": "application/json"}
NEW = "quite another password"


@dataclass(frozen=True)
class Gateway:
    """Passes requests on as the gateway does."""

    app: ASGIApp

    async def post(self, path: str, document: Any = None, **headers: str) -> Answer:
        """`address` is the client's."""
        body = orjson.dumps(document or {})
        signature = SIGNER.headers(audience="identity", method="POST", path=path, body=body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await call(self.app, path, body=body, headers={**JSON, **named, **signature})

    async def signed_in(self, user: User) -> dict[str, str]:
        """Headers of a session that has just begun."""
        answer = await self.post("/auth/sign-in", {"email": user.email, "password": PASSWORD})
        assert answer.status == 200
        return {"authorization": f"Bearer {answer.json['accessToken']}"}


@pytest_asyncio.fixture(scope="module")
async def gateway(identity_url: str, valkey_url: str) -> AsyncIterator[Gateway]:
    application = create_app(the_settings(identity_url, redis_url=valkey_url))
    async with application.router.lifespan_context(application):
        yield Gateway(application)


def at(address: str) -> Mapping[str, str]:
    return {"x_portal_client_address": address}


async def test_a_step_up_by_the_password_tells_until_when_it_holds(
    gateway: Gateway, identity: Database
) -> None:
    headers = await gateway.signed_in(await a_person(identity))

    answer = await gateway.post("/auth/step-up", {"password": PASSWORD}, **headers)

    until = datetime.fromisoformat(answer.json["provenUntil"])
    assert answer.status == 200
    assert timedelta(minutes=14) < until - datetime.now(UTC) <= timedelta(minutes=15)


async def test_the_gateway_is_told_which_principal_to_ask_for_anew(
    gateway: Gateway, identity: Database
) -> None:
    headers = await gateway.signed_in(await a_person(identity))

    answer = await gateway.post("/auth/step-up", {"password": PASSWORD}, **headers)

    session_id = answer.headers["x-portal-changed-session"]
    loaded = await gateway.post("/principal", {"sessionId": session_id})
    proven = Principal.decode(loaded.json["principal"]).proven_until
    assert proven is not None
    assert proven.isoformat() == datetime.fromisoformat(answer.json["provenUntil"]).isoformat()


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic x"}, {"cookie": "x=y"}],
)
async def test_a_step_up_needs_a_session(gateway: Gateway, headers: dict[str, str]) -> None:
    answer = await gateway.post("/auth/step-up", {"password": PASSWORD}, **headers)

    assert (answer.status, answer.json["code"]) == (401, "SESSION_OVER")


async def test_a_browser_steps_up_by_its_cookie(gateway: Gateway, identity: Database) -> None:
    bearer = (await gateway.signed_in(await a_person(identity)))["authorization"]
    cookie = f"portal_access={bearer.removeprefix('Bearer ')}"

    answer = await gateway.post("/auth/step-up", {"password": PASSWORD}, cookie=cookie)

    assert answer.status == 200


@pytest.mark.parametrize("path", ["/auth/step-up", "/auth/forgot-password", "/auth/reset-password"])
async def test_a_form_of_another_site_is_refused(gateway: Gateway, path: str) -> None:
    answer = await gateway.post(path, {}, content_type="text/plain")

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("path", ["/auth/step-up", "/auth/forgot-password", "/auth/reset-password"])
async def test_who_is_not_the_gateway_is_refused(gateway: Gateway, path: str) -> None:
    answer = await call(gateway.app, path, body=b"{}", headers=JSON)

    assert (answer.status, answer.json["code"]) == (401, "UNSIGNED")


async def test_a_reset_tells_why_a_password_is_refused_and_then_takes_another(
    gateway: Gateway, identity: Database
) -> None:
    user, token = await a_person(identity), new_secret()
    async with identity.system() as session:
        expires_at = datetime.now(UTC) + timedelta(minutes=30)
        session.add(
            PasswordReset(token_hash=hash_of(token), user_id=user.id, expires_at=expires_at)
        )

    weak = await gateway.post("/auth/reset-password", {"token": token, "password": "Password2024!"})
    good = await gateway.post("/auth/reset-password", {"token": token, "password": NEW})
    again = await gateway.post("/auth/reset-password", {"token": token, "password": NEW})

    assert (weak.status, weak.json["code"]) == (400, "INVALID")
    assert "leaks" in weak.json["error_description"]
    assert (good.status, good.body) == (204, b"")
    assert (again.status, again.json["code"]) == (400, "RESET_TOKEN_OVER")
    signed_in = await gateway.post("/auth/sign-in", {"email": user.email, "password": NEW})
    assert signed_in.status == 200


async def test_signing_in_never_goes_on_with_a_session_that_was_there(
    gateway: Gateway, identity: Database
) -> None:
    mallory, user = await a_person(identity), await a_person(identity)
    planted = await gateway.post(
        "/auth/sign-in", {"email": mallory.email, "password": PASSWORD, "delivery": "cookie"}
    )
    cookie = planted.headers["set-cookie"].partition(";")[0]

    document = {"email": user.email, "password": PASSWORD}
    answer = await gateway.post("/auth/sign-in", document, cookie=cookie)

    assert answer.status == 200
    assert cookie.partition("=")[2] not in answer.body.decode()
    async with identity.system() as session:
        begun = (await session.scalars(select(Session).where(Session.user_id == user.id))).all()
        theirs = select(Session).where(Session.user_id == mallory.id)
        assert (len(begun), len((await session.scalars(theirs)).all())) == (1, 1)


async def test_a_token_in_the_url_is_not_looked_at(gateway: Gateway, identity: Database) -> None:
    bearer = (await gateway.signed_in(await a_person(identity)))["authorization"]
    path = f"/auth/step-up?access_token={bearer.removeprefix('Bearer ')}"

    answer = await gateway.post(path, {"password": PASSWORD})

    assert (answer.status, answer.json["code"]) == (401, "SESSION_OVER")


def shape(answer: Answer) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    return answer.status, answer.body, frozenset(answer.headers.items())


async def test_no_answer_to_sign_in_tells_whether_an_address_is_known(
    gateway: Gateway, identity: Database
) -> None:
    known = await a_person(identity)
    suspended = await a_person(identity, state=UserState.SUSPENDED)
    guarded = await a_person(identity, mfa_enabled=True)
    attempts = [
        (f"{new_id()}@example.com", PASSWORD),
        (known.email, "wrong"),
        (suspended.email, PASSWORD),
        (suspended.email, "wrong"),
        (guarded.email, "wrong"),
    ]

    answers = [
        await gateway.post("/auth/sign-in", {"email": email, "password": password})
        for email, password in attempts
    ]

    assert {shape(answer) for answer in answers} == {shape(answers[0])}


async def test_no_answer_to_a_locked_address_tells_whether_it_is_known(
    gateway: Gateway, identity: Database
) -> None:
    known = await a_person(identity)
    locked = []
    for email in (known.email, f"{new_id()}@example.com"):
        for _ in range(10):
            await gateway.post("/auth/sign-in", {"email": email, "password": "wrong"})
        locked.append(await gateway.post("/auth/sign-in", {"email": email, "password": PASSWORD}))

    assert [answer.status for answer in locked] == [429, 429]
    assert locked[0].body == locked[1].body


async def test_no_answer_to_who_forgot_tells_whether_an_address_is_known(
    gateway: Gateway, identity: Database
) -> None:
    known, suspended = await a_person(identity), await a_person(identity, state="SUSPENDED")
    addresses = [known.email, suspended.email, f"{new_id()}@example.com"]

    answers = [
        await gateway.post("/auth/forgot-password", {"email": each})
        for each in addresses * 5  # the last ones are beyond the limit of an address
    ]

    assert {shape(answer) for answer in answers} == {shape(answers[0])}
    assert (answers[0].status, answers[0].body) == (202, b"")


async def with_second_factor(gateway: Gateway, identity: Database) -> dict[str, str]:
    """The session of somebody who turned it on meanwhile."""
    user = await a_person(identity)
    headers = await gateway.signed_in(user)
    async with identity.system() as session:
        (await session.get_one(User, user.id)).mfa_enabled = True
        credential = await session.get_one(Credential, user.id)
        credential.totp_secret = seal_secret(Sealer(bytes(32)), user.id, SECRET)
    return headers


async def test_of_a_thousand_guesses_of_one_code_at_once_ten_are_looked_at(
    gateway: Gateway, identity: Database
) -> None:
    headers = await with_second_factor(gateway, identity)
    addresses = [f"198.51.100.{n % 250}" for n in range(1000)]

    answers = await asyncio.gather(
        *(
            gateway.post("/auth/step-up", {"code": f"{n:06}"}, **headers, **at(address))
            for n, address in enumerate(addresses)
        )
    )

    assert Counter(answer.status for answer in answers) == {401: 10, 429: 990}
    assert all(int(each.headers["retry-after"]) <= 900 for each in answers if each.status == 429)


async def test_a_stuffed_address_is_stopped_and_another_is_not(
    gateway: Gateway, identity: Database
) -> None:
    user = await a_person(identity)
    guesses = [{"email": f"{new_id()}@example.com", "password": "wrong"} for _ in range(310)]

    answers = [await gateway.post("/auth/sign-in", each, **at("203.0.113.77")) for each in guesses]
    body = {"email": user.email, "password": PASSWORD}
    elsewhere = await gateway.post("/auth/sign-in", body, **at("203.0.113.78"))

    assert Counter(answer.status for answer in answers) == {401: 300, 429: 10}
    assert elsewhere.status == 200
