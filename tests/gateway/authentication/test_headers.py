"""What a client writes into its headers reaches no subgraph, and hides no second request (B3, B4).

Also what a request is worth that was taken from the wire between gateway and subgraph (B7).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from kit.signing import WINDOW, BadSignature, Keyring, Verifier
from tests.support.guarded_gateway import SIGNING_KEYS, Backend, a_backend, a_gateway
from tests.support.issuing import a_principal
from tests.support.running_subgraph import Subgraph

#: All that a subgraph is told besides the body.
_TOLD: Final = {
    "accept",
    "accept-encoding",
    "accept-language",
    "content-length",
    "content-type",
    "host",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-portal-key-id",
    "x-portal-signature",
    "x-portal-timestamp",
}
_BODY: Final = b'{"query":"{ open }"}'
_HIDDEN: Final = b'{"query":"{ hidden }"}'

_FORGED: Final = {
    "x-user-id": "1",
    "x-user-roles": "admin",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-user": "root",
    "x-forwarded-host": "attacker.example",
    "forwarded": "for=10.0.0.1",
    "x-real-ip": "10.0.0.1",
    "x-portal-signature": "00",
    "x-portal-timestamp": "0",
    "x-portal-key-id": "none",
    "x-portal-client-address": "10.0.0.1",
    "x-principal": "root",
    "cookie": "session=1; other=2",
    "te": "trailers",
    "connection": "keep-alive, x-portal-signature",
    "keep-alive": "timeout=5",
    "proxy-authorization": "Basic x",
    "upgrade-insecure-requests": "1",
}


@pytest_asyncio.fixture(scope="module")
async def backend() -> AsyncIterator[Backend]:
    """One subgraph."""
    people = Subgraph(
        "type Query { open: Int hidden: Int }", resolvers={"Query": {"open": 1, "hidden": 2}}
    )
    async with a_backend({"people": people}) as running:
        yield running


@pytest.fixture(scope="module")
def supergraph(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("headers") / "supergraph.graphql"
    path.write_text(backend.supergraph)
    return str(path)


@pytest_asyncio.fixture(scope="module")
async def gateway(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    async with a_gateway(backend, supergraph, valkey_url) as origin:
        yield origin


@pytest_asyncio.fixture(autouse=True)
async def _anew(backend: Backend) -> None:
    backend.calls.clear()
    backend.received.clear()


async def post(gateway: str, backend: Backend, **headers: str) -> int:
    token = backend.issuer.sign_in(a_principal())
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
    async with (
        ClientSession() as session,
        session.post(f"{gateway}/graphql", data=_BODY, headers=sent) as answer,
    ):
        await answer.read()
        return answer.status


async def test_a_subgraph_is_told_what_the_gateway_says_and_nothing_else(
    gateway: str, backend: Backend
) -> None:
    status = await post(gateway, backend, **_FORGED)

    [(request, _)] = backend.received
    assert status == 200
    assert set(request.headers) <= _TOLD
    assert request.headers["x-portal-key-id"] == "k1"


@pytest.mark.parametrize("name", [*_FORGED, "X-User-Id", "X_User_Id", "x-anything"])
async def test_no_header_of_a_client_is_a_subgraphs(
    gateway: str, backend: Backend, name: str
) -> None:
    await post(gateway, backend, **{name: _FORGED.get(name, "marker-of-the-client")})

    [(request, _)] = backend.received
    assert "marker-of-the-client" not in request.headers.values()
    assert set(request.headers) <= _TOLD


async def test_identity_is_told_the_real_address_of_who_signs_in(
    gateway: str, backend: Backend
) -> None:
    headers = {**_FORGED, "content-type": "application/json"}
    async with (
        ClientSession() as session,
        session.post(f"{gateway}/auth/sign-in", data=b"{}", headers=headers) as answer,
    ):
        await answer.read()

    [(request, _)] = backend.received
    assert request.headers["x-portal-client-address"] == "127.0.0.1"
    assert "10.0.0.1" not in request.headers.values()
    assert not {"x-user-id", "x-forwarded-user", "x-principal"} & set(request.headers)


async def raw(gateway: str, *parts: bytes) -> bytes:
    """Bytes as they are, and all that comes back until the connection ends or falls silent."""
    port = int(gateway.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(parts))
    found = b""
    try:
        async with asyncio.timeout(0.5):
            while chunk := await reader.read(65536):
                found += chunk
    except TimeoutError:
        pass
    writer.close()
    return found


def head(*lines: bytes) -> bytes:
    return b"\r\n".join([b"POST /graphql HTTP/1.1", *lines, b"", b""])


_HOST: Final = b"host: portal.example"
_JSON: Final = b"content-type: application/json"
_LENGTH: Final = b"content-length: %d" % len(_BODY)
_SMUGGLED: Final = (
    head(_HOST, _JSON, b"content-length: %d" % len(_HIDDEN), b"x-smuggled: 1") + _HIDDEN
)


@pytest.mark.parametrize(
    "lines",
    [
        (_LENGTH, b"content-length: 0"),
        (b"content-length: 0", _LENGTH),
        (_LENGTH, b"transfer-encoding: chunked"),
        (b"transfer-encoding: chunked", _LENGTH),
        (b"transfer-encoding: identity, chunked", _LENGTH),
        (b"transfer-encoding: chunked, identity", _LENGTH),
        (b"transfer-encoding : chunked", _LENGTH),
        (b"transfer-encoding: x-chunked", _LENGTH),
        (b"content-length: +%d" % len(_BODY),),
        (b"content-length: 0x14",),
        (b"content-length: %d, %d" % (len(_BODY), len(_BODY)),),
        (b"content-length: -1",),
    ],
)
async def test_a_request_whose_length_can_be_read_in_two_ways_hides_no_other(
    gateway: str, backend: Backend, lines: tuple[bytes, ...]
) -> None:
    chunked = b"0\r\n\r\n"

    answer = await raw(gateway, head(_HOST, _JSON, *lines), chunked, _SMUGGLED)

    assert "hidden" not in "".join(call.document for call in backend.calls)
    assert b'"hidden"' not in answer


@pytest.mark.parametrize(
    "line",
    [
        b"accept-language: fr\nx-user-id: 1",
        b"accept-language: fr\r x-user-id: 1",
        b"accept-language: fr\r\n x-user-id: 1",
        b"accept-language: fr\x00x-user-id: 1",
        b"accept-language: fr\x0bx-user-id: 1",
        b"accept-language: fr%0d%0ax-user-id: 1",
        b"accept-language: \xe9\xff",
        b"x-user-id\x00: 1",
    ],
)
async def test_a_line_break_in_a_header_makes_no_header_of_a_subgraphs(
    gateway: str, backend: Backend, line: bytes
) -> None:
    answer = await raw(gateway, head(_HOST, _JSON, _LENGTH, line), _BODY)

    assert answer.split(b" ")[1] in (b"200", b"400")
    assert all("x-user-id" not in request.headers for request, _ in backend.received)


@pytest.mark.parametrize("second", [b"host: attacker.example", b"host: 127.0.0.1", b"host:"])
async def test_a_second_host_decides_nothing(gateway: str, backend: Backend, second: bytes) -> None:
    answer = await raw(gateway, head(_HOST, second, _JSON, _LENGTH), _BODY)

    assert answer.split(b" ")[1] in (b"200", b"400")
    assert b"attacker" not in answer
    assert all("attacker" not in str(request.headers) for request, _ in backend.received)


@pytest.mark.parametrize(
    "lines", [(b"authorization: Bearer a", b"authorization: Bearer b"), (b"authorization: x",)]
)
async def test_credentials_that_cannot_be_read_are_refused_before_anything_is_sent(
    gateway: str, backend: Backend, lines: tuple[bytes, ...]
) -> None:
    answer = await raw(gateway, head(_HOST, _JSON, _LENGTH, *lines), _BODY)

    assert answer.startswith(b"HTTP/1.1 401")
    assert b"www-authenticate: Bearer" in answer
    assert backend.calls == []


@pytest.mark.parametrize("name", ["access_token", "token", "authorization"])
async def test_a_token_in_the_url_signs_nobody_in(
    gateway: str, backend: Backend, name: str
) -> None:
    token = backend.issuer.sign_in(a_principal())
    async with (
        ClientSession() as session,
        session.post(
            f"{gateway}/graphql?{name}={token}",
            data=_BODY,
            headers={"content-type": "application/json"},
        ) as answer,
    ):
        await answer.read()

    assert [call.context.caller for call in backend.calls] in ([], [None])
    assert token not in (await answer.text())


def verify(
    headers: Mapping[str, str], body: bytes, *, audience: str = "people", later: float = 0.0
) -> None:
    verifier = Verifier(Keyring.parse(SIGNING_KEYS), audience, clock=lambda: time.time() + later)
    verifier.verify(method="POST", path="/people", body=body, headers=headers)


async def test_a_request_off_the_wire_is_good_for_its_own_subgraph_body_and_time(
    gateway: str, backend: Backend
) -> None:
    await post(gateway, backend)

    [(request, body)] = backend.received
    verify(request.headers, body)
    with pytest.raises(BadSignature, match="differs"):
        verify(request.headers, body.replace(b"open", b"hide"))
    with pytest.raises(BadSignature, match="differs"):
        verify(request.headers, body, audience="pay")
    with pytest.raises(BadSignature, match="stale"):
        verify(request.headers, body, later=WINDOW + 2)


async def test_the_caller_in_a_signed_body_cannot_be_exchanged(
    gateway: str, backend: Backend
) -> None:
    await post(gateway, backend)
    [(request, body)] = backend.received
    [call] = backend.calls
    assert call.context.caller is not None

    other = a_principal("staff:finance").encode().encode()
    exchanged = body.replace(call.context.caller.encoded.encode(), other)

    assert exchanged != body
    with pytest.raises(BadSignature, match="differs"):
        verify(request.headers, exchanged)
