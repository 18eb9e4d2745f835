"""What machine clients are answered over HTTP, in the words of OAuth's documents."""

import base64
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from kit.contract import Capability
from kit.database import Database
from kit.signing import Keyring, Signer
from services.identity.app import create_app
from services.identity.authentication.sessions import hash_of
from services.identity.capabilities import MACHINES
from services.identity.models import ApiClient
from tests.support.asgi import Answer, call
from tests.support.clients import a_managed_client
from tests.support.identity import SIGNING_KEYS, global_id, the_settings

SECRET = "a+b:c% é"
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
GRANT: Final = {"grant_type": "client_credentials"}
SIGNER = Signer(Keyring.parse(SIGNING_KEYS))


@dataclass
class Gateway:
    """Passes requests on as the gateway does."""

    app: ASGIApp

    async def post(
        self, path: str, form: Mapping[str, str] | str, headers: Mapping[str, str] = FORM
    ) -> Answer:
        body = (form if isinstance(form, str) else urlencode(form)).encode()
        signature = SIGNER.headers(audience="identity", method="POST", path=path, body=body)
        return await call(self.app, path, body=body, headers={**headers, **signature})


@pytest_asyncio.fixture(scope="module")
async def gateway(identity_url: str, valkey_url: str) -> AsyncIterator[Gateway]:
    """In front of the service."""
    settings = the_settings(identity_url, redis_url=valkey_url, public_url="https://portal.example")
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield Gateway(application)


@pytest_asyncio.fixture
async def client(identity: Database) -> ApiClient:
    """A client that may read keys and cases."""
    managed = await a_managed_client(
        identity,
        *(Capability.KEY_READ_ALL, Capability.CASE_READ_ALL),
        secret_hash=hash_of(SECRET),
    )
    return managed.client


def in_form(client: ApiClient, **parameters: str) -> dict[str, str]:
    return {"client_id": global_id(client), "client_secret": SECRET, **parameters}


def by_basic(client: ApiClient, secret: str = SECRET) -> dict[str, str]:
    pair = f"{quote_plus(global_id(client))}:{quote_plus(secret)}".encode()
    return {**FORM, "authorization": f"Basic {base64.b64encode(pair).decode()}"}


async def a_token(gateway: Gateway, client: ApiClient) -> str:
    token: str = (await gateway.post("/auth/token", GRANT, by_basic(client))).json["access_token"]
    return token


async def test_a_token_is_given_by_form_or_by_basic(gateway: Gateway, client: ApiClient) -> None:
    by_form = await gateway.post("/auth/token", in_form(client, **GRANT))
    basic = await gateway.post("/auth/token", GRANT, by_basic(client))

    for answer in (by_form, basic):
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        assert {**answer.json, "access_token": ""} == {
            "access_token": "",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "case:read:all key:read:all",
        }


async def test_less_may_be_asked_for(gateway: Gateway, client: ApiClient) -> None:
    answer = await gateway.post("/auth/token", {**GRANT, "scope": "key:read:all"}, by_basic(client))

    assert answer.json["scope"] == "key:read:all"


async def test_a_scope_without_a_value_is_as_if_it_were_not_there(
    gateway: Gateway, client: ApiClient
) -> None:
    answer = await gateway.post("/auth/token", {**GRANT, "scope": ""}, by_basic(client))

    assert answer.json["scope"] == "case:read:all key:read:all"


@pytest.mark.parametrize("scope", ["invoice:read", "key:read:all invoice:read", "no:such", "*"])
async def test_a_scope_that_the_client_has_not_is_refused(
    gateway: Gateway, client: ApiClient, scope: str
) -> None:
    answer = await gateway.post("/auth/token", {**GRANT, "scope": scope}, by_basic(client))

    assert (answer.status, answer.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("form", "headers", "error"),
    [
        ("grant_type=password", FORM, "unsupported_grant_type"),
        ("", FORM, "invalid_request"),
        ("grant_type=", FORM, "invalid_request"),
        ("grant_type=client_credentials", FORM, "invalid_client"),
        ("grant_type=client_credentials&client_id=x&client_secret=y", FORM, "invalid_client"),
        ("grant_type=client_credentials&grant_type=client_credentials", FORM, "invalid_request"),
        ("grant_type=client_credentials", {"content-type": "text/plain"}, "invalid_request"),
        ("&".join(f"x{n}=1" for n in range(40)), FORM, "invalid_request"),
        ("grant_type=client_credentials", {**FORM, "authorization": "Basic !"}, "invalid_client"),
        ("grant_type=client_credentials", {**FORM, "authorization": "Bearer x"}, "invalid_client"),
        (
            "grant_type=client_credentials&client_secret=y",
            {**FORM, "authorization": "Basic eDp5"},
            "invalid_request",
        ),
        (
            "grant_type=client_credentials&client_id=z",
            {**FORM, "authorization": "Basic eDp5"},
            "invalid_request",
        ),
    ],
)
async def test_a_request_that_is_wrong_is_refused_in_oauths_words(
    gateway: Gateway, form: str, headers: dict[str, str], error: str
) -> None:
    answer = await gateway.post("/auth/token", form, headers)

    assert answer.json["error"] == error
    assert answer.status == (401 if error == "invalid_client" else 400)
    assert ("www-authenticate" in answer.headers) is (error == "invalid_client")


async def test_introspection_tells_a_client_of_its_own_tokens(
    gateway: Gateway, client: ApiClient
) -> None:
    token = await a_token(gateway, client)

    good = await gateway.post("/auth/introspect", {"token": token}, by_basic(client))
    none = await gateway.post("/auth/introspect", {"token": "x"}, by_basic(client))

    assert good.json["active"] is True
    assert good.json["scope"] == "case:read:all key:read:all"
    assert (none.status, none.json) == (200, {"active": False})


async def test_a_revoked_token_is_good_for_nothing(gateway: Gateway, client: ApiClient) -> None:
    token = await a_token(gateway, client)

    answer = await gateway.post("/auth/revoke", {"token": token}, by_basic(client))
    again = await gateway.post("/auth/revoke", {"token": token}, by_basic(client))
    after = await gateway.post("/auth/introspect", {"token": token}, by_basic(client))

    assert (answer.status, answer.body, again.status) == (200, b"", 200)
    assert after.json == {"active": False}


@pytest.mark.parametrize("path", ["/auth/introspect", "/auth/revoke"])
@pytest.mark.parametrize(
    ("form", "secret", "status", "error"),
    [
        ({"token": "x"}, "wrong", 401, "invalid_client"),
        ({}, SECRET, 400, "invalid_request"),
        ({"token": ""}, SECRET, 400, "invalid_request"),
    ],
)
async def test_who_asks_about_tokens_says_which_and_who_they_are(
    gateway: Gateway,
    client: ApiClient,
    path: str,
    form: dict[str, str],
    secret: str,
    status: int,
    error: str,
) -> None:
    answer = await gateway.post(path, form, by_basic(client, secret))

    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.parametrize("path", ["/auth/token", "/auth/introspect", "/auth/revoke"])
async def test_who_is_not_the_gateway_is_refused(gateway: Gateway, path: str) -> None:
    answer = await call(gateway.app, path, body=b"grant_type=client_credentials", headers=FORM)

    assert (answer.status, answer.json["code"]) == (401, "UNSIGNED")


async def test_everybody_may_know_where_tokens_are_given(gateway: Gateway) -> None:
    path = "/.well-known/oauth-authorization-server"

    answer = await call(gateway.app, path, method="GET")

    said: dict[str, Any] = answer.json
    methods = ["client_secret_basic", "client_secret_post"]
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert said == {
        "issuer": "https://portal.example",
        "token_endpoint": "https://portal.example/auth/token",
        "introspection_endpoint": "https://portal.example/auth/introspect",
        "revocation_endpoint": "https://portal.example/auth/revoke",
        "jwks_uri": "https://portal.example/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": sorted(capability.scope for capability in MACHINES),
        "token_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
    }


async def test_secrets_and_tokens_are_in_no_log(
    gateway: Gateway, client: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    token = await a_token(gateway, client)
    await gateway.post("/auth/introspect", {"token": token}, by_basic(client))
    await gateway.post("/auth/token", in_form(client, grant_type="password"))

    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert SECRET not in logged
    assert quote_plus(SECRET) not in logged
    assert token not in logged
