"""Cases that are watched through the gateway: what happens, rights that are lost, a restart."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
import pytest_asyncio

from kit.ids import new_id
from tests.support.colleagues import COMMENT, Colleague, Pair, two_colleagues
from tests.support.running_portal import RunningPortal
from tests.support.subscribing import SUBSCRIPTIONS, Answers, Subscribe

pytestmark = pytest.mark.e2e

#: Seconds in which whatever is waited for must happen.
SOON: Final = 20.0
#: Seconds from the mutation's answer.
AT_ONCE: Final = 1.0

CHANGED: Final = """subscription ($id: ID!) { caseChanged(caseId: $id) {
    id version requester { name } comments { nodes { body } } } }"""
LIST: Final = """subscription ($account: ID) {
    caseListChanged(accountId: $account, view: ALL_OPEN) { id status subject } }"""

Record = Callable[[str, object], None]


@pytest_asyncio.fixture
async def pair(portal: RunningPortal) -> AsyncIterator[Pair]:
    """Two administrators of an account of their own."""
    async with two_colleagues(portal) as pair:
        yield pair


@pytest.fixture(params=SUBSCRIPTIONS, ids=lambda each: each.__name__)
def subscribe(request: pytest.FixtureRequest) -> Subscribe:
    """Each way to subscribe."""
    chosen: Subscribe = request.param
    return chosen


@asynccontextmanager
async def watched(
    subscribe: Subscribe, who: Colleague, document: str, **variables: Any
) -> AsyncIterator[Answers]:
    """The answers that somebody hears."""
    operation = {"query": document, "variables": variables}
    async with subscribe(who.session, who.url, operation, who.headers) as answers:
        yield answers


async def heard(answers: Answers) -> Mapping[str, Any]:
    """The next answer."""
    async with asyncio.timeout(SOON):
        answer: Mapping[str, Any] = await anext(answers)
    return answer


async def the_rest(answers: Answers) -> list[Any]:
    """All that comes before the end."""
    async with asyncio.timeout(SOON):
        return [answer async for answer in answers]


async def test_a_colleagues_comment_arrives(
    pair: Pair, subscribe: Subscribe, record_property: Record
) -> None:
    case = await pair.case()

    async with watched(subscribe, pair.other, CHANGED, id=case) as answers:
        first = await heard(answers)
        await pair.comment(case, "Have you seen this?")
        spoken = time.monotonic()
        second = await heard(answers)
        seconds = time.monotonic() - spoken

    record_property("comment_seconds", round(seconds, 3))
    assert first["data"]["caseChanged"]["comments"]["nodes"] == []
    assert second["data"]["caseChanged"]["comments"]["nodes"] == [{"body": "Have you seen this?"}]
    assert second["data"]["caseChanged"]["requester"]["name"]
    assert seconds < AT_ONCE


async def test_a_new_case_comes_into_the_list(
    pair: Pair, subscribe: Subscribe, record_property: Record
) -> None:
    async with watched(subscribe, pair.other, LIST, account=pair.account) as answers:
        first = await heard(answers)
        case = await pair.case()
        opened = time.monotonic()
        second = await heard(answers)
        seconds = time.monotonic() - opened

    record_property("new_case_seconds", round(seconds, 3))
    assert first == {"data": {"caseListChanged": None}}
    assert second["data"]["caseListChanged"] == {
        "id": case,
        "status": "NEW",
        "subject": "It stands still",
    }
    assert seconds < AT_ONCE


async def test_a_right_that_is_lost_ends_the_stream(
    pair: Pair, subscribe: Subscribe, record_property: Record
) -> None:
    case = await pair.case()

    async with watched(subscribe, pair.other, CHANGED, id=case) as answers:
        await heard(answers)
        await pair.demote()
        demoted = time.monotonic()
        await pair.comment(case, "Between us.")
        rest = await the_rest(answers)
        seconds = time.monotonic() - demoted

    record_property("lost_right_seconds", round(seconds, 3))
    assert rest == [{"data": {"caseChanged": None}}]
    assert seconds < 2 * AT_ONCE


async def test_with_fewer_rights_the_list_is_to_be_read_anew_and_tells_less(
    pair: Pair, subscribe: Subscribe
) -> None:
    case = await pair.case()

    async with watched(subscribe, pair.other, LIST, account=pair.account) as answers:
        await heard(answers)
        await pair.demote()
        advice = await heard(answers)
        await pair.comment(case, "Between us.")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(AT_ONCE):
                await anext(answers)

    assert advice == {"data": {"caseListChanged": None}}


async def test_whoever_is_removed_hears_no_more(
    pair: Pair, subscribe: Subscribe, record_property: Record
) -> None:
    case = await pair.case()

    async with watched(subscribe, pair.other, CHANGED, id=case) as answers:
        await heard(answers)
        await pair.remove()
        removed = time.monotonic()
        await pair.comment(case, "Between us.")
        rest = await the_rest(answers)
        seconds = time.monotonic() - removed

    record_property("removed_seconds", round(seconds, 3))
    assert [answer.get("data") for answer in rest if answer.get("data")] == []
    assert seconds < 2 * AT_ONCE


async def test_after_the_service_was_killed_the_state_comes_first_and_then_events(
    portal: RunningPortal, pair: Pair, subscribe: Subscribe, record_property: Record
) -> None:
    case = await pair.case()

    async with watched(subscribe, pair.other, CHANGED, id=case) as answers:
        await heard(answers)
        os.kill(portal.service_process("cases"), signal.SIGKILL)
        killed = time.monotonic()
        broken = await the_rest(answers)
    await until_it_speaks(pair, case, "While you were away.")
    async with watched(subscribe, pair.other, CHANGED, id=case) as answers:
        first = await heard(answers)
        seconds = time.monotonic() - killed
        await pair.comment(case, "Welcome back.")
        second = await heard(answers)

    record_property("restart_seconds", round(seconds, 3))
    assert [each["errors"][0]["extensions"]["service"] for each in broken] == ["cases"]
    assert bodies(first) == ["While you were away."]
    assert bodies(second) == ["While you were away.", "Welcome back."]


async def until_it_speaks(pair: Pair, case: str, body: str) -> None:
    """The boss speaks, as soon as the service runs again; asked often, it is said once."""
    said = {"caseId": case, "body": body, "idempotencyKey": str(new_id())}
    async with asyncio.timeout(SOON):
        while (await pair.boss.answer(COMMENT, input=said)).get("errors"):
            pass


def bodies(answer: Mapping[str, Any]) -> list[str]:
    """What was said in the case."""
    return [node["body"] for node in answer["data"]["caseChanged"]["comments"]["nodes"]]
