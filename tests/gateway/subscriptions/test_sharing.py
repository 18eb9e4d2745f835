"""Equal subscriptions of one caller share the subgraph's stream."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from gateway.authentication.principals import Caller
from gateway.errors import SlowConsumer, SubgraphUnavailable
from gateway.subscriptions.sharing import SharedStreams
from gateway.transport.request import RequestContext, SubgraphRequest
from tests.support.issuing import a_principal
from tests.support.streaming import Channel

TICK = {"data": {"tick": 1}}


def asked(caller: Caller | None = None, **changed: Any) -> SubgraphRequest:
    context = RequestContext(caller, changed.pop("language", None), 0.0)
    return replace(SubgraphRequest("s", "subscription { tick }", None, {}, context), **changed)


def a_caller(*scopes: str) -> Caller:
    principal = a_principal(*scopes)
    return Caller(principal, principal.encode())


class Subgraph:
    """A stream that says what its channel says."""

    def __init__(self, buffer: int = 10) -> None:
        self.channel = Channel()
        self.streams = SharedStreams(self._subscribe, buffer=buffer)

    async def _subscribe(self, request: SubgraphRequest) -> AsyncGenerator[Mapping[str, Any], None]:
        async with aclosing(self.channel.events()) as events:
            async for event in events:
                yield event

    @asynccontextmanager
    async def listening(self, *requests: SubgraphRequest) -> AsyncIterator[list[Any]]:
        """Listeners that wait for their first event."""
        streams = [self.streams(request) for request in requests]
        tasks = [asyncio.create_task(_next(stream)) for stream in streams]
        try:
            await self.channel.until(open=len(set(map(_identity, requests))))
            yield list(zip(streams, tasks, strict=True))
        finally:
            for stream, task in zip(streams, tasks, strict=True):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await stream.aclose()


async def _next(stream: AsyncGenerator[Mapping[str, Any], None]) -> Any:
    return await anext(stream, None)


def _identity(request: SubgraphRequest) -> tuple[object, ...]:
    caller, language = request.context.caller, request.context.accept_language
    return request.document, request.operation_name, str(request.variables), language, caller


async def test_equal_subscriptions_hear_every_event_of_one_stream() -> None:
    subgraph, caller = Subgraph(), a_caller()
    async with subgraph.listening(asked(caller), asked(caller), asked(caller)) as listeners:
        subgraph.channel.say(TICK)

        assert [await task for _, task in listeners] == [TICK] * 3
    assert subgraph.channel.opened == 1


async def test_an_event_is_everybodys_own() -> None:
    subgraph = Subgraph()
    async with subgraph.listening(asked(), asked()) as listeners:
        subgraph.channel.say({"data": {"tick": {"number": 1}}})
        first, second = [await task for _, task in listeners]
        first["data"]["tick"]["number"] = 2

        assert second == {"data": {"tick": {"number": 1}}}


@pytest.mark.parametrize(
    "other",
    [
        asked(document="subscription { tock }"),
        asked(operation_name="Other"),
        asked(variables={"of": "1"}),
        asked(language="fr"),
        asked(a_caller()),
    ],
)
async def test_what_differs_has_a_stream_of_its_own(other: SubgraphRequest) -> None:
    subgraph = Subgraph()
    async with subgraph.listening(asked(), other):
        assert subgraph.channel.opened == 2


async def test_two_people_with_the_same_rights_never_share() -> None:
    subgraph = Subgraph()
    scope = "invoice:read"
    async with subgraph.listening(asked(a_caller(scope)), asked(a_caller(scope))):
        assert subgraph.channel.opened == 2


async def test_the_stream_is_closed_with_its_last_listener() -> None:
    subgraph = Subgraph()
    async with subgraph.listening(asked(), asked()) as listeners:
        subgraph.channel.say(TICK)
        for stream, task in listeners:
            await task
            assert subgraph.channel.open == 1
            await stream.aclose()

        assert subgraph.channel.open == 0
        assert len(subgraph.streams) == 0


async def test_who_comes_after_the_end_has_a_new_stream() -> None:
    subgraph = Subgraph()
    async with subgraph.listening(asked()) as [(_, ended)]:
        subgraph.channel.say(None)
        assert await ended is None
    async with subgraph.listening(asked()) as [(_, task)]:
        subgraph.channel.say(TICK)

        assert await task == TICK


async def test_a_failure_is_everybodys() -> None:
    subgraph = Subgraph()
    async with subgraph.listening(asked(), asked()) as listeners:
        subgraph.channel.say(SubgraphUnavailable("s", "it broke off"))
        outcomes = await asyncio.gather(*(task for _, task in listeners), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [SubgraphUnavailable] * 2


async def test_who_takes_events_too_slowly_is_told_and_the_others_go_on() -> None:
    subgraph = Subgraph(buffer=3)
    async with subgraph.listening(asked(), asked()) as [(slow, first), (fast, other)]:
        subgraph.channel.say(TICK)
        await first
        heard = [await other]
        for number in range(5):
            subgraph.channel.say({"data": {"tick": number}})
            heard.append(await anext(fast))

        with pytest.raises(SlowConsumer):
            await anext(slow)
        assert [each["data"]["tick"] for each in heard] == [1, 0, 1, 2, 3, 4]
        assert subgraph.channel.open == 1
