"""The issuer's key set: how seldom it is fetched, and what happens when it cannot be had."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.authentication.tokens import InvalidToken, KeySetUnavailable, TokenVerifier
from gateway.errors import SubgraphBadAnswer, SubgraphTimeout
from gateway.transport.http import open_session
from gateway.transport.origin import Origin
from kit.signing import Keyring, Signer
from tests.support.http import served
from tests.support.issuing import ISSUER, a_key, claims, published, signed

KEYS = Keyring.parse("k1:000102030405060708090a0b0c0d0e0f")
#: Seconds: at the least between two fetches, and for which a key set is kept.
INTERVAL, MAX_AGE = 10.0, 300.0


class Identity:
    """Publishes keys, or whatever else it is told to; counts how often it is asked."""

    def __init__(self) -> None:
        self.key = a_key("k1")
        self.answer: Any = published(self.key)
        self.asked = 0
        self.gate: asyncio.Event | None = None

    async def __call__(self) -> Any:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def verifier(identity: Identity, time: Time | None = None) -> TokenVerifier:
    return TokenVerifier(identity, issuer=ISSUER, clock=time or Time())


def unknown(number: int) -> str:
    return signed(STRANGER, claims(), kid=f"unknown-{number}")


STRANGER = a_key("stranger")


async def test_ten_thousand_unknown_keys_cost_one_fetch_in_an_interval() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    await tokens.verify(signed(identity.key, claims()))
    token = unknown(1)

    for interval in (1, 2, 3):
        time.now = interval * (INTERVAL + 1)
        for _ in range(10_000):
            with pytest.raises(InvalidToken, match="unknown key"):
                await tokens.verify(token)

    assert identity.asked == 1 + 3


async def test_unknown_keys_at_the_same_moment_wait_for_the_same_fetch() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    await tokens.verify(signed(identity.key, claims()))
    time.now, identity.gate = INTERVAL + 1, asyncio.Event()

    checks = [asyncio.create_task(tokens.verify(unknown(number))) for number in range(500)]
    identity.gate.set()
    results = await asyncio.gather(*checks, return_exceptions=True)

    assert {type(each) for each in results} == {InvalidToken}
    assert identity.asked == 2


async def test_unknown_keys_do_not_keep_out_who_has_a_known_one() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    await tokens.verify(signed(identity.key, claims()))
    time.now, identity.gate = INTERVAL + 1, asyncio.Event()
    stuck = asyncio.create_task(tokens.verify(unknown(1)))

    said = await asyncio.wait_for(tokens.verify(signed(identity.key, claims("good"))), 5)

    assert said["sid"] == "good"
    identity.gate.set()
    with pytest.raises(InvalidToken):
        await stuck


@pytest.mark.parametrize(
    "answer",
    [
        ConnectionError(),
        TimeoutError(),
        None,
        [],
        "keys",
        {},
        {"keys": None},
        {"keys": []},
        {"keys": [{}]},
        {"keys": [{"kty": "OKP"}]},
        {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "!"}]},
        {"keys": ["k1"]},
    ],
)
async def test_a_key_set_that_cannot_be_read_lets_nobody_in(answer: Any) -> None:
    identity = Identity()
    identity.answer = answer

    with pytest.raises(KeySetUnavailable):
        await verifier(identity).verify(signed(identity.key, claims()))


@pytest.mark.parametrize("answer", [ConnectionError(), {}, {"keys": []}, {"keys": [{}]}])
async def test_a_key_set_that_cannot_be_read_replaces_none(answer: Any) -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    await tokens.verify(signed(identity.key, claims()))

    time.now, identity.answer = MAX_AGE + 1, answer

    assert await tokens.verify(signed(identity.key, claims("later")))
    assert identity.asked == 2


async def test_an_issuer_that_is_down_at_the_start_is_asked_once_in_an_interval() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    good, identity.answer = identity.answer, ConnectionError()
    token = signed(identity.key, claims())

    for _ in range(100):
        with pytest.raises(KeySetUnavailable):
            await tokens.verify(token)
    assert identity.asked == 1
    time.now, identity.answer = INTERVAL + 1, good

    assert await tokens.verify(token)


async def test_an_issuer_that_hangs_costs_one_request_a_moment_and_the_others_nothing() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    token = signed(identity.key, claims())
    await tokens.verify(token)
    time.now, identity.gate = MAX_AGE + 1, asyncio.Event()

    first = asyncio.create_task(tokens.verify(token))
    others = [await asyncio.wait_for(tokens.verify(token), 0.5) for _ in range(100)]

    assert len(others) == 100
    assert await asyncio.wait_for(first, 5)
    assert identity.asked == 2
    identity.gate.set()


async def test_a_key_that_is_no_longer_published_is_no_longer_good() -> None:
    identity, time = Identity(), Time()
    tokens = verifier(identity, time)
    old, new = identity.key, a_key("k2")
    await tokens.verify(signed(old, claims()))

    time.now, identity.answer = MAX_AGE + 1, published(new)

    with pytest.raises(InvalidToken, match="unknown key"):
        await tokens.verify(signed(old, claims()))
    assert await tokens.verify(signed(new, claims()))


async def test_a_request_that_is_given_up_leaves_the_fetch_to_the_others() -> None:
    identity = Identity()
    identity.gate = asyncio.Event()
    tokens = verifier(identity)
    token = signed(identity.key, claims())
    first, second = (asyncio.create_task(tokens.verify(token)) for _ in range(2))
    await asyncio.wait([first, second], timeout=0.01)

    first.cancel()
    identity.gate.set()

    assert await asyncio.wait_for(second, 5)


def origin(url: str, session: ClientSession, *, timeout: float = 5.0) -> Origin:
    return Origin("identity", url, session, Signer(KEYS), timeout=timeout)


async def test_a_hundred_megabytes_of_keys_are_refused_while_they_arrive() -> None:
    sent: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: 104857600\r\n\r\n")
        megabytes = 0
        with suppress(ConnectionError):
            while megabytes < 100:
                writer.write(b"x" * 1024 * 1024)
                await writer.drain()
                megabytes += 1
        sent.set_result(megabytes)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, open_session() as session:
        with pytest.raises(SubgraphBadAnswer, match="too long"):
            await origin(url, session).send("GET", "/.well-known/jwks.json")
        assert await sent < 20


async def test_keys_that_never_end_are_given_up_in_time() -> None:
    released = asyncio.Event()

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await released.wait()

    async def key_set(request: Request) -> Response:
        return StreamingResponse(trickle(), media_type="application/json")

    app = Starlette(routes=[Route("/.well-known/jwks.json", key_set)])
    async with served(app) as url, open_session() as session:
        with pytest.raises(SubgraphTimeout):
            await origin(url, session, timeout=0.1).send("GET", "/.well-known/jwks.json")
        released.set()
