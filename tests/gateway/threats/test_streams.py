"""A stream is no way around a rule, over no transport that has streams (A32, A33).

What becomes of streams whose callers lose their rights is in `tests/gateway/edge`.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.streaming import SCOPE, World, a_world
from tests.support.transports import Transport, multipart, sse, websocket

_STREAMING = pytest.mark.parametrize("transport", [sse, multipart, websocket])


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    """A gateway that filters."""
    async with a_world() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def strict() -> AsyncIterator[World]:
    """A gateway that refuses what asks too much."""
    async with a_world(authorization="reject") as running:
        yield running


async def first_event(world: World, transport: Transport, query: str, *scopes: str) -> Any:
    """The first answer to a subscription that begins."""
    already = world.channel.opened
    headers = world.sign_in(*scopes).headers
    asking = asyncio.ensure_future(transport(world.client, world.url, {"query": query}, headers))
    await world.channel.until(open=1, opened=already + 1)
    world.channel.tick(1)
    answer = (await asking).answer
    await world.channel.until(open=0)
    return answer


@_STREAMING
@pytest.mark.parametrize(
    "query",
    [
        "subscription { ticked { number x: secret } }",
        "subscription { ticked { number: secret } }",
        "subscription { ticked { ...F } } fragment F on Tick { secret }",
        "subscription { ...S } fragment S on Subscription { ticked { secret } }",
        "subscription { ticked { ... on Tick { ... @include(if: true) { y: secret } } } }",
    ],
)
async def test_every_event_is_filtered_whatever_the_field_is_called(
    world: World, transport: Transport, query: str
) -> None:
    world.calls.clear()

    denied = await first_event(world, transport, query)
    documents = "".join(call.document for call in world.calls)
    permitted = await first_event(world, transport, query, SCOPE)

    assert 7 not in denied["data"]["ticked"].values()
    assert [each["extensions"]["code"] for each in denied["errors"]] == ["FORBIDDEN_FIELD"]
    assert "secret" not in documents
    assert 7 in permitted["data"]["ticked"].values()
    assert "errors" not in permitted


@_STREAMING
async def test_what_other_subgraphs_add_to_an_event_is_filtered_too(
    world: World, transport: Transport
) -> None:
    query = "subscription { ticked { clock { name secret } } }"

    answer = await first_event(world, transport, query)

    assert answer["data"] == {"ticked": {"clock": {"name": "Big Ben", "secret": None}}}
    assert [each["path"] for each in answer["errors"]] == [["ticked", "clock", "secret"]]


@_STREAMING
@pytest.mark.parametrize("query", ["closed { number }", "x: closed { secret }"])
async def test_a_stream_that_is_denied_is_never_opened(
    world: World, transport: Transport, query: str
) -> None:
    opened, headers = world.channel.opened, world.sign_in().headers
    operation = {"query": f"subscription {{ {query} }}"}

    answer = (await transport(world.client, world.url, operation, headers)).answer

    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN_FIELD"]
    assert world.channel.opened == opened


@_STREAMING
@pytest.mark.parametrize(
    "query", ["ticked { number secret }", "ticked { clock { secret } }", "closed { number }"]
)
async def test_a_gateway_that_rejects_opens_no_stream_of_which_anything_is_denied(
    strict: World, transport: Transport, query: str
) -> None:
    opened, headers = strict.channel.opened, strict.sign_in().headers
    operation = {"query": f"subscription {{ {query} }}"}

    answer = (await transport(strict.client, strict.url, operation, headers)).answer

    assert answer.get("data") is None
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"FORBIDDEN_FIELD"}
    assert strict.channel.opened == opened
