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
from services.billing.app import create_app
from services.billing.providers import sandbox
from tests.support.asgi import Answer, call
from tests.support.billing import (
    SIGNING_KEYS,
    a_caller,
    a_seller,
    an_invoice,
    global_id,
    kept,
    the_settings,
)

SIGNER = Signer(Keyring.parse(SIGNING_KEYS))

PAY = """mutation ($i: PayInvoicesInput!) { payInvoices(input: $i) {
    payment { state } invoices { state } errors { code message } } }"""


@pytest_asyncio.fixture(scope="module")
async def app(billing_url: str, valkey_url: str) -> AsyncIterator[ASGIApp]:
    """The service, with its relay and the recovery of payments running."""
    application = create_app(the_settings(billing_url, redis_url=valkey_url))
    async with application.router.lifespan_context(application):
        yield application


async def post(
    app: ASGIApp, caller: Principal, document: str, *, audience: str = "billing", **variables: Any
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


async def test_a_signed_operation_is_answered(app: ASGIApp, billing: Database) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(seller, account)
    await kept(billing, seller, invoice)

    answer = await post(app, a_caller(account), "{ invoices { nodes { number } } }")

    assert answer.status == 200
    assert answer.json["data"] == {"invoices": {"nodes": [{"number": invoice.number}]}}


async def test_what_was_signed_for_another_service_is_refused(app: ASGIApp) -> None:
    answer = await post(app, a_caller(new_id()), "{ __typename }", audience="cases")

    assert answer.status == 401
    assert answer.json["errors"][0]["extensions"] == {"code": "UNSIGNED"}


async def test_a_refusal_is_in_the_callers_language(app: ASGIApp) -> None:
    order = {
        "invoiceIds": [],
        "expected": {"amount": "1", "currency": "EUR"},
        "paymentMethodId": sandbox.SUCCESS,
        "idempotencyKey": "k",
    }

    answer = await post(app, a_caller(new_id()), PAY, i=order)

    assert answer.json["data"]["payInvoices"] == {
        "payment": None,
        "invoices": [],
        "errors": [{"code": "INVALID", "message": "Choisissez au moins une facture."}],
    }


async def test_a_payment_reaches_the_stream_of_events(
    app: ASGIApp, billing: Database, valkey_url: str
) -> None:
    account, seller = new_id(), a_seller()
    invoice = an_invoice(seller, account)
    await kept(billing, seller, invoice)
    order = {
        "invoiceIds": [global_id(invoice)],
        "expected": {"amount": "120.00", "currency": "EUR"},
        "paymentMethodId": sandbox.SUCCESS,
        "idempotencyKey": "k",
    }

    answer = await post(app, a_caller(account), PAY, i=order)

    assert answer.json["data"]["payInvoices"]["errors"] == []
    assert await published(valkey_url, str(account), count=2) == ["PROCESSING", "SUCCEEDED"]


async def published(valkey_url: str, account: str, count: int) -> list[str]:
    """The states of the account's payments, as soon as so many were published."""
    stream = stream_of("billing")
    redis: Any = Redis.from_url(valkey_url)
    async with redis, asyncio.timeout(10):
        states: list[str] = []
        while len(states) < count:
            entries = await redis.xrange(stream)
            payloads = [orjson.loads(entry[b"payload"]) for _, entry in entries]
            states = [each["state"] for each in payloads if each["account_id"] == account]
            await redis.xread({stream: entries[-1][0] if entries else 0}, block=100)
    return states
