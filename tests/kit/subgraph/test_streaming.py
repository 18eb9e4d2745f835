"""A service's subscriptions, as the gateway hears them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import orjson
import pytest
import strawberry
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.authentication.principals import Caller
from gateway.errors import SubgraphUnavailable
from gateway.transport.http import open_session
from gateway.transport.request import RequestContext, SubgraphRequest
from gateway.transport.sse import SseTransport
from kit.contract import Capability, PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.signing import Keyring, Signer, Verifier
from kit.subgraph.endpoint import Endpoint
from kit.subgraph.rules import any_of
from kit.subgraph.schema import Subgraph
from kit.subgraph.signed import Gate
from kit.subgraph.streaming import Contexts, stream
from tests.support.http import served

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
CALLER = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())

_numbers = count(1)


@dataclass
class Context:
    """Each has a number of its own."""

    principal: Principal
    number: int = field(default_factory=lambda: next(_numbers))


Info = strawberry.Info[Context, None]


@strawberry.type
class Bell:
    """What happened, and in which context it is told."""

    times: int

    @strawberry.field
    def context(self, info: Info) -> int:
        return info.context.number

    @strawberry.field
    def caller(self, info: Info) -> str:
        return str(info.context.principal.id)

    @strawberry.field
    def fault(self) -> int:
        raise RuntimeError("select * from secrets")


@strawberry.type
class Query:
    """Nothing."""

    nothing: int | None = None


class Tower:
    """Rings, and tells when nobody listens any more."""

    def __init__(self) -> None:
        self.quiet = asyncio.Event()

    async def rings(self, times: int) -> AsyncIterator[Bell]:
        try:
            for number in range(1, times + 1):
                yield Bell(times=number)
            await asyncio.Event().wait()
        finally:
            self.quiet.set()


tower = Tower()


@strawberry.type
class Subscription:
    """A bell that rings so often, and then no more for ever."""

    @strawberry.subscription
    async def rang(self, times: int) -> AsyncGenerator[Bell, None]:
        async for bell in tower.rings(times):
            yield bell

    @strawberry.subscription
    async def rang_once(self) -> AsyncGenerator[Bell, None]:
        yield Bell(times=1)

    @strawberry.subscription(directives=[any_of(Capability.INVOICE_READ)])
    async def secret(self) -> AsyncGenerator[int, None]:
        yield 1


schema = Subgraph(Query, subscription=Subscription)


@asynccontextmanager
async def transport(signer: Signer | None = None) -> AsyncIterator[SseTransport]:
    """The gateway's way to a service."""
    gate = Gate(Verifier(KEYS, audience="tower"), 10_000)
    endpoint = Endpoint(schema, gate=gate, make_context=lambda who, _: Context(who))
    app = Starlette(routes=[Route("/graphql", endpoint)])
    async with served(app) as origin, open_session() as session:
        yield SseTransport(
            "tower",
            f"{origin}/graphql",
            session,
            signer or Signer(KEYS),
            timeout=5,
            silence=30,
            max_event=10_000,
        )


def asking(document: str) -> SubgraphRequest:
    context = RequestContext(Caller(CALLER, CALLER.encode()), None, 0.0)
    return SubgraphRequest("tower", document, None, {}, context)


async def test_each_event_is_told_in_the_name_of_the_caller_and_in_a_context_of_its_own() -> None:
    async with transport() as subscribe:
        answers = subscribe(asking("subscription { rang(times: 2) { times caller context } }"))
        async with aclosing(answers):
            first, second = (await anext(answers))["data"], (await anext(answers))["data"]

    assert (first["rang"]["times"], second["rang"]["times"]) == (1, 2)
    assert first["rang"]["caller"] == str(CALLER.id)
    assert first["rang"]["context"] != second["rang"]["context"]


async def test_a_stream_ends_when_its_source_does() -> None:
    async with transport() as subscribe:
        document = "subscription { rangOnce { times } }"
        answers = [each async for each in subscribe(asking(document))]

    assert answers == [{"data": {"rangOnce": {"times": 1}}}]


async def test_a_fault_costs_its_event_and_is_masked() -> None:
    async with transport() as subscribe:
        document = "subscription { rangOnce { fault } }"
        [answer] = [each async for each in subscribe(asking(document))]

    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL_SERVER_ERROR"]
    assert b"secrets" not in orjson.dumps(answer)


@pytest.mark.parametrize(
    "document",
    ["subscription { nothing }", "{ nothing }", "subscription {", "subscription { secret }"],
)
async def test_what_cannot_be_subscribed_to_is_one_answer_with_errors(document: str) -> None:
    async with transport() as subscribe:
        answers = [each async for each in subscribe(asking(document))]

    assert [each["data"] for each in answers] == [None]
    assert answers[0]["errors"]


async def test_the_source_is_closed_within_a_second_of_the_gateway_leaving() -> None:
    tower.quiet.clear()
    async with transport() as subscribe:
        answers = subscribe(asking("subscription { rang(times: 1) { times } }"))
        await anext(answers)
        await answers.aclose()

        async with asyncio.timeout(1):
            await tower.quiet.wait()


async def test_only_the_gateway_is_answered() -> None:
    stranger = Signer(Keyring.parse("k1:ffffffffffffffffffffffffffffffff"))
    async with transport(stranger) as subscribe:
        with pytest.raises(SubgraphUnavailable, match="401"):
            await anext(subscribe(asking("subscription { rangOnce { times } }")))


async def test_a_quiet_stream_gives_signs_of_life() -> None:
    async def quiet(request: object) -> object:
        payload = {"query": "subscription { rang(times: 0) { times } }"}
        return stream(schema, payload, Contexts(lambda: Context(CALLER)), heartbeat=0.01)

    app = Starlette(routes=[Route("/", quiet, methods=["POST"])])
    async with served(app) as origin, ClientSession() as session, session.post(origin) as response:
        signs = [await response.content.readuntil(b"\n\n") for _ in range(3)]

    assert signs == [b":\n\n"] * 3
