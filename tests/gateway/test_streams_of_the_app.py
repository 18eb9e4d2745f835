"""Streams of the gateway as it runs: what identity says of sessions reaches them at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest_asyncio
from aiohttp import ClientSession
from redis.asyncio import Redis

from kit.ids import new_id
from kit.relay import stream_of
from tests.support.guarded_gateway import Backend, a_backend, a_gateway
from tests.support.issuing import a_principal
from tests.support.running_subgraph import Subgraph
from tests.support.transports import acknowledged, hear, say

SUBGRAPHS = {"only": Subgraph("type Query { number: Int }", {"Query": {"number": 1}})}


@pytest_asyncio.fixture
async def backend() -> AsyncIterator[Backend]:
    async with a_backend(SUBGRAPHS) as backend:
        yield backend


async def announce(redis_url: str, topic: str, **payload: str) -> None:
    """As identity's relay does."""
    entry = {"id": str(new_id()), "topic": topic, "payload": orjson.dumps(payload)}
    async with Redis.from_url(redis_url) as redis:
        await redis.xadd(stream_of("identity"), entry)  # type: ignore[arg-type]


async def test_a_session_that_identity_ends_closes_its_socket_within_a_second(
    backend: Backend, tmp_path: Path, valkey_url: str
) -> None:
    supergraph = tmp_path / "supergraph.graphql"
    supergraph.write_text(backend.supergraph)
    token = backend.issuer.sign_in(a_principal())
    [session_id] = backend.issuer.principals
    async with a_gateway(backend, str(supergraph), valkey_url) as origin, ClientSession() as client:
        payload = {"authorization": f"Bearer {token}"}
        async with acknowledged(client, f"{origin}/graphql", payload) as socket:
            await say(socket, type="subscribe", id="a", payload={"query": "{ number }"})
            before = await hear(socket)
            await hear(socket)
            del backend.issuer.principals[session_id]
            started = time.perf_counter()
            async with asyncio.timeout(5):
                await announce(valkey_url, "identity.session-ended", session_id=session_id)
                assert await hear(socket) is None
            took = time.perf_counter() - started

            assert before["payload"] == {"data": {"number": 1}}
            assert socket.close_code == 4403
            assert took < 1
