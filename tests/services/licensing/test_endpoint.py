"""The service as the gateway meets it: signed requests, and events that leave it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest_asyncio
from redis.asyncio import Redis
from starlette.types import ASGIApp

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from kit.relay import stream_of
from kit.signing import Keyring, Signer
from services.licensing.app import create_app
from services.licensing.key_codes import new_code
from services.licensing.models import KeyProduct
from tests.support.asgi import Answer, call
from tests.support.licensing import (
    ADMINISTRATOR,
    SIGNING_KEYS,
    a_caller,
    a_key,
    global_id,
    kept,
    the_settings,
)

SIGNER = Signer(Keyring.parse(SIGNING_KEYS))

ASSIGN = """mutation ($i: AssignKeyInput!) { assignKey(input: $i) {
    productKey { maskedKey } errors { code message } } }"""


@pytest_asyncio.fixture(scope="module")
async def app(licensing_url: str, valkey_url: str) -> AsyncIterator[ASGIApp]:
    """The service, with its relay running."""
    application = create_app(the_settings(licensing_url, redis_url=valkey_url))
    async with application.router.lifespan_context(application):
        yield application


async def post(
    app: ASGIApp, caller: Principal, document: str, *, audience: str = "licensing", **variables: Any
) -> Answer:
    """One operation, signed as the gateway signs it."""
    body = orjson.dumps(
        {
            "query": document,
            "variables": variables,
            "extensions": {"principal": caller.encode()},
        }
    )
    signature = SIGNER.headers(audience=audience, method="POST", path="/graphql", body=body)
    headers = {"content-type": "application/json", "accept-language": "fr", **signature}
    return await call(app, "/graphql", body=body, headers=headers)


async def announced(valkey_url: str, key_id: str) -> list[Any]:
    """What is told about a key, as soon as anything is."""
    stream = stream_of("licensing")
    redis: Any = Redis.from_url(valkey_url)
    async with redis, asyncio.timeout(10):
        told: list[Any] = []
        while not told:
            entries = await redis.xrange(stream)
            payloads = [orjson.loads(entry[b"payload"]) for _, entry in entries]
            told = [payload for payload in payloads if payload["key_id"] == key_id]
            await redis.xread({stream: entries[-1][0] if entries else 0}, block=100)
    return told


async def test_a_signed_request_is_answered_in_its_callers_name(
    app: ASGIApp, licensing: Database
) -> None:
    account, code = new_id(), new_code(KeyProduct.SERVER)
    key = a_key(account, code, product=KeyProduct.SERVER)
    await kept(licensing, key)

    answer = await post(
        app,
        a_caller(*ADMINISTRATOR, account_id=account),
        "query ($key: String) { productKey(key: $key) { id } }",
        key=code,
    )

    assert answer.status == 200
    assert answer.json == {"data": {"productKey": {"id": global_id(key)}}}


async def test_a_request_that_was_signed_for_another_service_is_refused(app: ASGIApp) -> None:
    caller = a_caller(*ADMINISTRATOR, account_id=new_id())

    answer = await post(app, caller, "{ productKeys { totalCount } }", audience="billing")

    assert answer.status == 401
    assert answer.json["errors"][0]["extensions"] == {"code": "UNSIGNED"}


async def test_an_assignment_is_announced_without_the_keys_characters(
    app: ASGIApp, licensing: Database, valkey_url: str
) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code)
    await kept(licensing, key)
    input = {
        "keyId": global_id(key),
        "firstName": "Zoé",
        "lastName": "Martín",
        "email": "zoe@example.com",
        "grantPortalAccess": True,
        "expectedVersion": 1,
        "idempotencyKey": "once",
    }

    answer = await post(app, a_caller(*ADMINISTRATOR, account_id=account), ASSIGN, i=input)
    [event] = await announced(valkey_url, str(key.id))

    assert answer.json["data"]["assignKey"] == {
        "productKey": {"maskedKey": key.masked},
        "errors": [],
    }
    assert (event["first_name"], event["grant_portal_access"]) == ("Zoé", True)
    assert code not in str(event)


async def test_a_refusal_is_told_in_the_language_that_the_client_accepts(
    app: ASGIApp, licensing: Database
) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    input = {
        "keyId": global_id(key),
        "firstName": "Zoé",
        "lastName": "Martín",
        "email": "zoe",
        "expectedVersion": 1,
        "idempotencyKey": "other",
    }

    answer = await post(app, a_caller(*ADMINISTRATOR, account_id=account), ASSIGN, i=input)

    assert answer.json["data"]["assignKey"]["errors"] == [
        {"code": "INVALID", "message": "Ce n’est pas une adresse e-mail."}
    ]


async def test_the_service_is_ready_when_its_database_answers(app: ASGIApp) -> None:
    answer = await call(app, "/health/ready", method="GET")

    assert (answer.status, answer.json["ready"]) == (200, True)
