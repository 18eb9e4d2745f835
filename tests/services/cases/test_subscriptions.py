"""Subscriptions as the gateway meets them: signed, streamed, fed by what the service announces."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from gateway.authentication.principals import Caller
from gateway.transport.http import open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from gateway.transport.sse import SseTransport
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from kit.signing import Keyring, Signer
from services.cases.app import create_app
from services.cases.commenting import NewComment, add_comment
from services.cases.models import Case
from services.cases.schema import schema
from tests.support.cases import (
    ALL,
    OWN,
    SIGNING_KEYS,
    a_caller,
    a_case,
    a_colleague,
    a_dashboard,
    account_id,
    global_id,
    kept,
    the_settings,
)
from tests.support.contract import definitions, shape
from tests.support.http import served
from tests.support.watching import SOON

CONTRACT: Final = Path(__file__).parents[2] / "contract/schema/cases.graphql"

CHANGED: Final = """subscription ($id: ID!) { caseChanged(caseId: $id) {
    id version viewerCan { comment } comments { totalCount nodes { body } } } }"""
LIST: Final = """subscription ($account: ID, $view: CaseView) {
    caseListChanged(accountId: $account, view: $view) { id status } }"""

Answers = AsyncGenerator[Mapping[str, Any], None]


@pytest_asyncio.fixture
async def transport(cases_url: str, valkey_url: str) -> AsyncIterator[SseTransport]:
    """The gateway's way to the service, whose relay and reader run."""
    async with a_service(cases_url, valkey_url) as transport:
        yield transport


@asynccontextmanager
async def a_service(cases_url: str, valkey_url: str) -> AsyncIterator[SseTransport]:
    app = create_app(the_settings(cases_url, redis_url=valkey_url))
    async with served(app) as origin, open_session() as session:
        yield SseTransport(
            "cases",
            f"{origin}/graphql",
            session,
            Signer(Keyring.parse(SIGNING_KEYS)),
            timeout=SOON,
            silence=30,
            max_event=100_000,
        )


@asynccontextmanager
async def subscribed(
    transport: SseTransport, caller: Principal, document: str, **variables: Any
) -> AsyncIterator[Answers]:
    """The answers to a subscription."""
    context = RequestContext(Caller(caller, caller.encode()), None, 0.0)
    answers = transport(SubgraphRequest("cases", document, None, variables, context))
    async with aclosing(answers):
        yield answers


async def until(answers: Answers, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first answer whose field has these values."""
    async with asyncio.timeout(SOON):
        async for answer in answers:
            (field,) = answer["data"].values()
            if wanted.items() <= (field or {}).items():
                return answer
    raise AssertionError("The stream ended before.")


async def comment(cases: Database, by: Principal, case: Case, body: str) -> None:
    """Something is said."""
    async with cases.session(by) as session:
        await add_comment(session, by, NewComment(case.id, body, internal=False, upload_ids=()))


def test_the_fields_are_as_agreed() -> None:
    agreed = shape(definitions(CONTRACT.read_text())["Subscription"])

    assert shape(definitions(schema.as_str())["Subscription"]) == agreed


async def test_a_colleagues_comment_arrives_with_all_that_it_changed(
    transport: SseTransport, cases: Database
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    async with subscribed(transport, me, CHANGED, id=global_id(case)) as answers:
        first = await until(answers, {"version": 1})
        await comment(cases, a_colleague(me, *ALL), case, "Have you seen this?")
        second = await until(answers, {"version": 2})

    assert first["data"]["caseChanged"]["comments"]["nodes"] == []
    assert second["data"]["caseChanged"] == {
        "id": global_id(case),
        "version": 2,
        "viewerCan": {"comment": True},
        "comments": {"totalCount": 1, "nodes": [{"body": "Have you seen this?"}]},
    }


@pytest.mark.parametrize("id", ["case_nonsense", "", to_global("case", new_id())])
async def test_what_is_not_there_is_null_and_the_end(transport: SseTransport, id: str) -> None:
    async with subscribed(transport, a_caller(*ALL), CHANGED, id=id) as answers:
        told = [answer async for answer in answers]

    assert told == [{"data": {"caseChanged": None}}]


async def test_a_new_case_comes_into_the_list_of_its_account(
    transport: SseTransport, cases: Database
) -> None:
    boss = a_caller(*ALL)
    member = a_colleague(boss, *OWN)
    case = a_case(member)
    await kept(cases, case)

    async with subscribed(transport, boss, LIST, account=account_id(boss), view="ALL") as answers:
        first = await anext(answers)
        await comment(cases, member, case, "Hello?")
        told = await until(answers, {"id": global_id(case)})

    assert first == {"data": {"caseListChanged": None}}
    assert told["data"]["caseListChanged"]["status"] == "NEW"


@pytest.mark.parametrize("account", ["", "acc_nonsense", to_global("acc", new_id())])
async def test_a_list_of_nobodys_is_quiet(
    transport: SseTransport, cases: Database, account: str
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    async with (
        subscribed(transport, me, LIST, account=account) as other,
        subscribed(transport, me, LIST) as own,
    ):
        await anext(other)
        await anext(own)
        waiting = asyncio.create_task(anext(other, None))
        await comment(cases, me, case, "Hello?")
        await until(own, {"id": global_id(case)})
        is_quiet = not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    assert is_quiet


@pytest.mark.parametrize("document", [CHANGED, LIST])
async def test_whoever_reads_no_cases_is_refused(transport: SseTransport, document: str) -> None:
    id = to_global("case", new_id())
    async with subscribed(transport, a_dashboard(), document, id=id) as answers:
        told = [answer async for answer in answers]

    assert [answer["data"] for answer in told] == [None]
    assert told[0]["errors"][0]["extensions"]["code"] == "FORBIDDEN_FIELD"


async def test_after_a_restart_the_first_answer_is_what_was_missed(
    cases: Database, cases_url: str, valkey_url: str
) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case)

    async with (
        a_service(cases_url, valkey_url) as transport,
        subscribed(transport, me, CHANGED, id=global_id(case)) as answers,
    ):
        await anext(answers)
    await comment(cases, me, case, "While you were away.")
    async with (
        a_service(cases_url, valkey_url) as transport,
        subscribed(transport, me, CHANGED, id=global_id(case)) as answers,
    ):
        first = await anext(answers)
        await comment(cases, me, case, "Welcome back.")
        second = await until(answers, {"version": 3})

    assert first["data"]["caseChanged"]["version"] == 2
    assert second["data"]["caseChanged"]["comments"]["totalCount"] == 2
