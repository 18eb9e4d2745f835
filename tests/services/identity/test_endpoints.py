"""Sign-in over HTTP, through the gateway's signature: answers, cookies, refusals."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http.cookies import Morsel, SimpleCookie
from typing import Any

import orjson
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet
from redis.asyncio import Redis
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from kit.relay import stream_of
from kit.signing import Keyring, Signer
from services.identity.app import create_app
from services.identity.models import Credential, Role, User
from tests.support.asgi import Answer, call
from tests.support.identity import (
    SIGNING_KEYS,
    a_member,
    a_user,
    an_account,
    kept,
    signed_in,
    the_settings,
)

PASSWORD = "correct horse"
SIGNER = Signer(Keyring.parse(SIGNING_KEYS))
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Gateway:
    """Passes requests on as the gateway does, and keeps cookies as a browser does."""

    app: ASGIApp
    cookies: dict[str, Morsel[str]] = field(default_factory=dict)

    async def post(
        self, path: str, document: Any = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        body = document if isinstance(document, bytes) else orjson.dumps(document or {})
        signature = SIGNER.headers(audience="identity", method="POST", path=path, body=body)
        return await self.unsigned(path, body, {**headers, **signature})

    async def unsigned(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        jar = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {**headers, **({"cookie": jar} if jar else {})}
        return await call(self._keeping_cookies, path, body=body, headers=sent)

    async def _keeping_cookies(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def keep(message: Message) -> None:
            for name, value in message.get("headers", ()):
                if name == b"set-cookie":
                    self.cookies.update(SimpleCookie(value.decode()))
            await send(message)

        await self.app(scope, receive, keep)


@pytest_asyncio.fixture(scope="module")
async def app(identity_url: str, valkey_url: str) -> AsyncIterator[ASGIApp]:
    """The service, with its relay running."""
    application = create_app(
        the_settings(identity_url, redis_url=valkey_url, public_url="https://portal.example")
    )
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def gateway(app: ASGIApp) -> Gateway:
    """A browser without cookies, behind the gateway."""
    return Gateway(app)


@pytest_asyncio.fixture
async def user(identity: Database) -> User:
    """Somebody with a password, who administers an account."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    person, account = a_user(), an_account()
    credential = Credential(user_id=person.id, password_hash=hasher.hash(PASSWORD))
    member = a_member(account, person, Role.ADMINISTRATOR)
    await kept(identity, person, account, credential, member)
    return person


async def signed_in_by_token(gateway: Gateway, user: User) -> dict[str, Any]:
    answer = await gateway.post("/auth/sign-in", {"email": user.email, "password": PASSWORD})
    assert answer.status == 200
    document: dict[str, Any] = answer.json
    return document


async def claims_of(gateway: Gateway, token: str) -> dict[str, Any]:
    published = await call(gateway.app, "/.well-known/jwks.json", method="GET")
    keys = KeySet.import_key_set(published.json)
    return jwt.decode(token, keys, algorithms=["Ed25519"]).claims


async def topics_about(valkey_url: str, session_id: str) -> list[bytes]:
    """What is announced about a session, as soon as anything is."""
    stream, payload = stream_of("identity"), orjson.dumps({"session_id": session_id})
    redis: Any = Redis.from_url(valkey_url)
    async with redis, asyncio.timeout(10):
        topics: list[bytes] = []
        while not topics:
            entries = await redis.xrange(stream)
            topics = [each[b"topic"] for _, each in entries if each[b"payload"] == payload]
            await redis.xread({stream: entries[-1][0] if entries else 0}, block=100)
    return topics


async def test_tokens_are_delivered_in_the_body(gateway: Gateway, user: User) -> None:
    answer = await gateway.post("/auth/sign-in", {"email": user.email, "password": PASSWORD})

    assert answer.status == 200
    assert set(answer.json) == {"accessToken", "tokenType", "expiresIn", "refreshToken"}
    assert (answer.json["tokenType"], answer.json["expiresIn"]) == ("Bearer", 300)
    assert answer.headers["cache-control"] == "no-store"
    assert gateway.cookies == {}


async def test_anybody_can_check_a_token_against_the_published_keys(
    gateway: Gateway, user: User
) -> None:
    document = await signed_in_by_token(gateway, user)

    claims = await claims_of(gateway, document["accessToken"])

    assert claims["iss"] == "https://portal.example"
    assert claims["sub"] == to_global("user", user.id)


async def test_tokens_are_delivered_as_cookies_that_no_script_reads(
    gateway: Gateway, user: User
) -> None:
    body = {"email": user.email, "password": PASSWORD, "delivery": "cookie"}

    answer = await gateway.post("/auth/sign-in", body)

    assert answer.json == {"tokenType": "Bearer", "expiresIn": 300}
    assert {
        name: (each["path"], each["httponly"], each["samesite"], each["secure"])
        for name, each in gateway.cookies.items()
    } == {
        "portal_access": ("/", True, "lax", True),
        "portal_refresh": ("/auth", True, "lax", True),
    }


async def test_a_browser_refreshes_and_signs_out_by_its_cookies(
    gateway: Gateway, user: User
) -> None:
    body = {"email": user.email, "password": PASSWORD, "delivery": "cookie"}
    await gateway.post("/auth/sign-in", body)
    before = gateway.cookies["portal_refresh"].value

    refreshed = await gateway.post("/auth/refresh")
    after = gateway.cookies["portal_refresh"].value
    signed_out = await gateway.post("/auth/sign-out")

    assert (refreshed.status, signed_out.status) == (200, 204)
    assert before != after
    assert {each["max-age"] for each in gateway.cookies.values()} == {"0"}
    gateway.cookies["portal_refresh"].set("portal_refresh", after, after)
    assert (await gateway.post("/auth/refresh")).json["code"] == "SESSION_OVER"


async def test_a_refresh_token_in_the_body_is_answered_in_the_body(
    gateway: Gateway, user: User
) -> None:
    first = await signed_in_by_token(gateway, user)

    answer = await gateway.post("/auth/refresh", {"refreshToken": first["refreshToken"]})

    assert answer.json["refreshToken"] != first["refreshToken"]
    assert gateway.cookies == {}


async def test_a_reused_refresh_token_is_refused_and_announced(
    gateway: Gateway, user: User, valkey_url: str
) -> None:
    first = await signed_in_by_token(gateway, user)
    session_id = (await claims_of(gateway, first["accessToken"]))["sid"]
    again = {"refreshToken": first["refreshToken"]}

    await gateway.post("/auth/refresh", again)
    refused = await gateway.post("/auth/refresh", again)

    assert (refused.status, refused.json["error"]) == (401, "invalid_grant")
    assert await topics_about(valkey_url, session_id) == [b"identity.session-ended"]


async def test_signing_out_by_the_access_token_ends_the_session(
    gateway: Gateway, user: User
) -> None:
    tokens = await signed_in_by_token(gateway, user)
    bearer = {**JSON, "authorization": f"Bearer {tokens['accessToken']}"}

    answer = await gateway.post("/auth/sign-out", headers=bearer)

    session_id = (await claims_of(gateway, tokens["accessToken"]))["sid"]
    assert answer.status == 204
    assert (await gateway.post("/principal", {"sessionId": session_id})).status == 404


@pytest.mark.parametrize(
    ("path", "document", "status", "error", "code"),
    [
        (
            "/auth/sign-in",
            {"email": "nobody@example.com", "password": "x"},
            401,
            "invalid_grant",
            "INVALID_CREDENTIALS",
        ),
        ("/auth/sign-in", {"email": "a@b"}, 400, "invalid_request", "INVALID_REQUEST"),
        ("/auth/sign-in", b"[", 400, "invalid_request", "INVALID_REQUEST"),
        ("/auth/sign-in", b"[]", 400, "invalid_request", "INVALID_REQUEST"),
        (
            "/auth/sign-in",
            {"email": "a@b", "password": "x" * 1025},
            400,
            "invalid_request",
            "INVALID_REQUEST",
        ),
        ("/auth/refresh", {}, 400, "invalid_request", "INVALID_REQUEST"),
        ("/auth/refresh", {"refreshToken": "x"}, 401, "invalid_grant", "SESSION_OVER"),
        ("/principal", {}, 404, "invalid_request", "SESSION_OVER"),
        ("/principal", {"sessionId": 7}, 404, "invalid_request", "SESSION_OVER"),
        ("/principal", b"[]", 400, "invalid_request", "BAD_REQUEST"),
    ],
)
async def test_a_refusal_is_json_with_a_code(
    gateway: Gateway, path: str, document: Any, status: int, error: str, code: str
) -> None:
    answer = await gateway.post(path, document)

    assert answer.status == status
    assert (answer.json["error"], answer.json["code"]) == (error, code)
    assert answer.json["error_description"].isascii()


async def test_a_description_names_the_member_and_not_its_value(gateway: Gateway) -> None:
    answer = await gateway.post("/auth/sign-in", {"email": "a@b", "password": "s3cret" * 200})

    assert answer.json["error_description"] == "Not valid: password."


async def test_a_form_of_another_site_is_refused(gateway: Gateway, user: User) -> None:
    document = {"email": user.email, "password": PASSWORD}

    answer = await gateway.post("/auth/sign-in", document, {"content-type": "text/plain"})

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "path", ["/auth/sign-in", "/auth/refresh", "/auth/sign-out", "/auth/token", "/principal"]
)
async def test_who_is_not_the_gateway_is_refused(gateway: Gateway, path: str) -> None:
    answer = await gateway.unsigned(path, b"{}", JSON)

    assert (answer.status, answer.json["code"]) == (401, "UNSIGNED")


async def test_too_many_attempts_say_when_to_come_back(gateway: Gateway) -> None:
    document = {"email": f"{new_id()}@example.com", "password": "wrong"}
    for _ in range(10):
        await gateway.post("/auth/sign-in", document)

    answer = await gateway.post("/auth/sign-in", document)

    assert (answer.status, answer.json["code"]) == (429, "RATE_LIMITED")
    assert 0 < int(answer.headers["retry-after"]) <= 901


async def test_the_principal_of_a_session_is_what_its_holder_may_do(
    gateway: Gateway, identity: Database, user: User
) -> None:
    tokens = await signed_in_by_token(gateway, user)
    session_id = (await claims_of(gateway, tokens["accessToken"]))["sid"]

    answer = await gateway.post("/principal", {"sessionId": session_id})

    found, expected = Principal.decode(answer.json["principal"]), await signed_in(identity, user)
    assert (found.id, str(found.session_id)) == (user.id, session_id)
    assert found.accounts == expected.accounts


async def test_a_signed_query_is_answered(gateway: Gateway, identity: Database, user: User) -> None:
    principal = (await signed_in(identity, user)).encode()
    document = {
        "query": "{ accounts { totalCount } }",
        "extensions": {"principal": principal},
    }

    answer = await gateway.post("/graphql", document)

    assert answer.json["data"] == {"accounts": {"totalCount": 1}}
