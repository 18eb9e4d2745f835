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
from services.cases.app import create_app
from tests.support.asgi import Answer, call
from tests.support.cases import OWN, SIGNING_KEYS, a_caller, a_case, global_id, kept, the_settings

SIGNER = Signer(Keyring.parse(SIGNING_KEYS))

REPLY = """mutation Reply($i: AddCommentInput!) { addCaseComment(input: $i) {
    reopened case { status version } errors { code message } } }"""


@pytest_asyncio.fixture(scope="module")
async def app(cases_url: str, valkey_url: str) -> AsyncIterator[ASGIApp]:
    """The service, with its relay running."""
    application = create_app(the_settings(cases_url, redis_url=valkey_url))
    async with application.router.lifespan_context(application):
        yield application


async def post(
    app: ASGIApp, caller: Principal, document: str, *, audience: str = "cases", **variables: Any
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


async def announced(valkey_url: str, case_id: str) -> list[Any]:
    """What is told about a case, as soon as anything is."""
    stream = stream_of("cases")
    redis: Any = Redis.from_url(valkey_url)
    async with redis, asyncio.timeout(10):
        told: list[Any] = []
        while not told:
            entries = await redis.xrange(stream)
            told = [
                (entry[b"topic"].decode(), payload)
                for _, entry in entries
                if (payload := orjson.loads(entry[b"payload"]))["case_id"] == case_id
            ]
            await redis.xread({stream: entries[-1][0] if entries else 0}, block=100)
    return told


async def test_a_signed_request_is_answered_in_its_callers_name(
    app: ASGIApp, cases: Database
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    answer = await post(app, me, "query ($n: String) { case(number: $n) { id } }", n=case.number)

    assert answer.status == 200
    assert answer.json == {"data": {"case": {"id": global_id(case)}}}


async def test_a_request_that_was_signed_for_another_service_is_refused(app: ASGIApp) -> None:
    answer = await post(app, a_caller(*OWN), "{ cases { totalCount } }", audience="billing")

    assert answer.status == 401
    assert answer.json["errors"][0]["extensions"] == {"code": "UNSIGNED"}


async def test_a_comment_is_announced_once(app: ASGIApp, cases: Database, valkey_url: str) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)
    input = {"caseId": global_id(case), "body": "And now?", "idempotencyKey": "once"}

    answers = [await post(app, me, REPLY, i=input) for _ in range(2)]
    told = await announced(valkey_url, str(case.id))

    payload = {"reopened": False, "case": {"status": "NEW", "version": 2}, "errors": []}
    assert [answer.json["data"]["addCaseComment"] for answer in answers] == [payload, payload]
    assert [topic for topic, _ in told] == ["cases.comment-added"]
    assert told[0][1]["by_staff"] is False


async def test_a_refusal_speaks_the_clients_language(app: ASGIApp) -> None:
    case = a_case(new_id())
    input = {"caseId": global_id(case), "body": " ", "idempotencyKey": "never"}

    answer = await post(app, a_caller(*OWN), REPLY, i=input)

    assert answer.json["data"]["addCaseComment"]["errors"] == [
        {"code": "INVALID", "message": "Ce champ ne peut pas être vide."}
    ]
