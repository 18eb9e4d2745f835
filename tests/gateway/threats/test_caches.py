"""What is kept for one request is no other's (A26 to A29); see also `tests/e2e`."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from redis.asyncio import Redis

from gateway.persisted.names import hash_of
from gateway.persisted.rights import Registrants
from tests.support.asking import Asking
from tests.support.company import PAY
from tests.support.guarded_gateway import Backend, a_gateway
from tests.support.transports import post


async def test_a_kept_plan_holds_nobodys_variables(ask: Asking) -> None:
    text = "query Q($id: ID!) { person(id: $id) { id name } }"

    answers = [await ask(text, variables={"id": id}) for id in ("e1", "g1", "e1", "none", "g2")]

    assert [each.data["person"] and each.data["person"]["id"] for each in answers] == [
        *("e1", "g1", "e1", None, "g2"),
    ]


async def test_a_document_that_was_judged_for_one_is_judged_anew_for_another(ask: Asking) -> None:
    text = "{ staff { salary } }"

    before, held, after, nobody = (
        await ask(text),
        await ask(text, PAY),
        await ask(text),
        await ask(text, anonymous=True),
    )

    assert [each.denied != [] for each in (before, held, after, nobody)] == [
        *(True, False, True, True),
    ]
    assert (before.leaks, after.leaks, nobody.leaks) == ([], [], [])


async def test_a_truth_of_a_condition_that_was_kept_is_not_anothers(ask: Asking) -> None:
    text = "query Q($yes: Boolean!) { staff { id salary @include(if: $yes) } }"

    answers = [
        await ask(text, *scopes, variables={"yes": yes})
        for yes in (True, False)
        for scopes in ((), (PAY,))
    ]

    assert [each.data["staff"][0] for each in answers] == [
        {"id": "e1", "salary": None},
        {"id": "e1", "salary": 9001},
        {"id": "e1"},
        {"id": "e1"},
    ]


@pytest_asyncio.fixture
async def fresh(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """A gateway that remembers nothing itself, and shares what others keep."""
    async with a_gateway(
        backend, supergraph, valkey_url, registrants=Registrants.EVERYBODY
    ) as origin:
        yield f"{origin}/graphql"


@pytest.mark.parametrize(
    "planted", [b"{ people { name } }", b"", b"\xff\x00", b"{", b"mutation { greet }"]
)
async def test_a_document_that_was_changed_where_it_is_kept_is_none(
    gateway: str,
    fresh: str,
    session: ClientSession,
    backend: Backend,
    valkey_url: str,
    planted: bytes,
) -> None:
    text = f"{{ time other: time n{len(planted)}: time }}"
    named = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}
    _, registered = await post(session, gateway, {"query": text, "extensions": named}, {})
    async with Redis.from_url(valkey_url) as redis:
        [key] = [each async for each in redis.scan_iter(f"*{hash_of(text)}*")]
        await redis.set(key, planted)
    backend.calls.clear()

    _, answer = await post(session, fresh, {"extensions": named}, {})

    assert "data" in registered
    assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert backend.calls == []
