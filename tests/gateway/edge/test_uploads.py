"""Uploads through the gateway: known callers, signed beginnings, and bytes as they come."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import ClientError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.edge.transfers import TransferLimits
from gateway.edge.uploads import Uploads
from gateway.transport.http import open_session
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.signing import Keyring, Signer, Verifier
from kit.subgraph.signed import Gate, answered, caller_of, json_object
from tests.support.http import served
from tests.support.presences import People, Person

KEYS: Final = Keyring({"k1": b"g" * 32})
ME: Final = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())
MEBIBYTE: Final = 1024 * 1024
LIMITS: Final = TransferLimits(at_once=9, of_caller=2, answer=5.0, silence=5.0, patience=20.0)
TUS: Final = {"Tus-Resumable": "1.0.0"}


@dataclass
class Service:
    """Notes what arrives, as the gateway's word."""

    gate: Gate = field(default_factory=lambda: Gate(Verifier(KEYS, audience="shop"), MEBIBYTE))
    heard: list[tuple[str, str, Principal | None]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    some: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def app(self) -> Starlette:
        methods = ["OPTIONS", "POST", "HEAD", "PATCH", "DELETE"]
        return Starlette(
            routes=[
                Route("/uploads/shop/deaf", self.take_nothing, methods=methods),
                Route("/uploads/shop{rest:path}", answered(self.take), methods=methods),
            ]
        )

    async def take_nothing(self, request: Request) -> Response:
        self.some.set()
        await self.done.wait()
        return Response(status_code=204)

    async def take(self, request: Request) -> Response:
        opened = await self.gate.opened(request)
        said = json_object(opened.signed)
        caller = caller_of(said) if said["extensions"]["principal"] is not None else None
        self.headers = dict(request.headers)
        self.heard.append((request.method, request.url.path, caller))
        async for chunk in opened.stream:
            self.size += len(chunk)
            self.some.set()
        headers = {
            "upload-offset": str(self.size),
            "location": "/uploads/shop/1",
            "set-cookie": "portal_access=stolen",
            "x-internal": "1",
        }
        return Response(status_code=204, headers=headers)


@dataclass
class Portal:
    """A gateway in front of a service, both on real sockets."""

    url: str
    client: ClientSession
    service: Service
    person: Person

    async def ask(
        self, method: str, path: str = "/uploads/shop/1", data: Any = None, **headers: str
    ) -> tuple[int, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"authorization": "Bearer me", **TUS, **named}
        async with self.client.request(method, self.url + path, data=data, headers=told) as answer:
            await answer.read()
            return answer.status, answer.headers


async def a_portal(stack: AsyncExitStack, limits: TransferLimits = LIMITS) -> Portal:
    service, person = Service(), Person(ME)
    origin = await stack.enter_async_context(served(service.app))
    stack.callback(service.done.set)
    uploads = Uploads(
        {"shop": origin, "down": "http://127.0.0.1:9"},
        People(person),
        await stack.enter_async_context(open_session()),
        Signer(KEYS),
        limits,
    )
    url = await stack.enter_async_context(served(Starlette(routes=uploads.routes())))
    return Portal(url, await stack.enter_async_context(ClientSession()), service, person)


@pytest_asyncio.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest_asyncio.fixture
async def portal(stack: AsyncExitStack) -> Portal:
    return await a_portal(stack)


async def test_bytes_reach_the_service_in_the_callers_name(portal: Portal) -> None:
    status, headers = await portal.ask(
        "PATCH", data=b"words", content_type="application/offset+octet-stream", upload_offset="0"
    )

    assert (status, headers["upload-offset"]) == (204, "5")
    [(method, path, caller)] = portal.service.heard
    assert (method, path) == ("PATCH", "/uploads/shop/1")
    assert caller is not None
    assert caller.id == ME.id
    assert portal.service.headers["upload-offset"] == "0"
    assert portal.service.headers["content-type"] == "application/offset+octet-stream"


async def test_headers_pass_by_name_both_ways(portal: Portal) -> None:
    _, headers = await portal.ask(
        "POST",
        "/uploads/shop",
        upload_length="5",
        x_portal_signed_length="0",
        x_portal_signature="0",
        cookie="other=1",
        x_forwarded_for="10.0.0.1",
    )

    assert headers["location"] == "/uploads/shop/1"
    assert "set-cookie" not in headers
    assert "x-internal" not in headers
    assert portal.service.headers["upload-length"] == "5"
    assert not {"cookie", "authorization", "x-forwarded-for"} & portal.service.headers.keys()


async def test_what_is_spoken_can_be_asked_before_anything_else(portal: Portal) -> None:
    headers = {"authorization": "Bearer me"}
    async with portal.client.options(f"{portal.url}/uploads/shop", headers=headers) as answer:
        assert answer.status == 204

    assert [method for method, *_ in portal.service.heard] == ["OPTIONS"]


@pytest.mark.parametrize("token", ["", "Bearer you"])
async def test_who_is_not_signed_in_brings_nothing(portal: Portal, token: str) -> None:
    status, _ = await portal.ask("PATCH", data=b"words", authorization=token or "Bearer nobody")

    assert status == 401
    assert portal.service.heard == []


async def test_what_a_form_of_another_site_could_send_is_refused(portal: Portal) -> None:
    headers = {"cookie": "portal_access=me"}
    async with portal.client.post(f"{portal.url}/uploads/shop", headers=headers) as answer:
        assert answer.status == 412

    assert portal.service.heard == []


async def test_a_post_may_stand_for_another_method(portal: Portal) -> None:
    await portal.ask("POST", x_http_method_override="PATCH")
    await portal.ask("POST", x_http_method_override="GET")
    await portal.ask("HEAD", x_http_method_override="DELETE")

    assert [method for method, *_ in portal.service.heard] == ["PATCH", "POST", "HEAD"]


@pytest.mark.parametrize(
    "path", ["/uploads/other", "/uploads/other/1", "/uploads/shop/..%2f1", "/uploads/shop/.x"]
)
async def test_only_services_that_take_files_are_asked(portal: Portal, path: str) -> None:
    status, _ = await portal.ask("POST", path)

    assert status == 404
    assert portal.service.heard == []


async def test_a_service_that_is_away_is_no_fault_of_the_clients(portal: Portal) -> None:
    status, headers = await portal.ask("POST", "/uploads/down")

    assert status == 503
    assert int(headers["retry-after"]) > 0


async def test_what_came_before_the_client_left_is_passed_on(portal: Portal) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"words"
        await portal.service.some.wait()
        raise ConnectionError

    with pytest.raises((ClientError, ConnectionError)):
        await portal.ask("PATCH", data=broken())

    assert portal.service.size == 5


async def test_a_caller_who_loses_their_rights_is_cut_off(portal: Portal) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"words"
        await portal.service.some.wait()
        portal.person.becomes(gone=True)
        for _ in range(1_000):
            yield b"more"

    await portal.ask("PATCH", data=endless())

    assert portal.service.size == len(b"words")


async def test_who_proves_themself_anew_goes_on(portal: Portal) -> None:
    async def words() -> AsyncIterator[bytes]:
        yield b"words"
        await portal.service.some.wait()
        portal.person.becomes(principal=replace(ME, proven_until=datetime.now(UTC)))
        yield b"more"

    await portal.ask("PATCH", data=words())

    assert portal.service.size == len(b"wordsmore")


@pytest.mark.parametrize(
    ("limits", "status"),
    [(replace(LIMITS, of_caller=1), 429), (replace(LIMITS, at_once=1), 503)],
)
async def test_so_many_files_are_brought_at_once_and_others_wait(
    stack: AsyncExitStack, limits: TransferLimits, status: int
) -> None:
    portal = await a_portal(stack, limits)

    async with asyncio.TaskGroup() as running:
        first = running.create_task(portal.ask("PATCH", "/uploads/shop/deaf"))
        await portal.service.some.wait()
        second = await portal.ask("PATCH")
        portal.service.done.set()
    third = await portal.ask("PATCH")

    assert (second[0], second[1]["retry-after"]) == (status, "5")
    assert [first.result()[0], third[0]] == [204, 204]


async def test_a_service_that_takes_nothing_is_not_waited_for(stack: AsyncExitStack) -> None:
    portal = await a_portal(stack, replace(LIMITS, silence=0.2))

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(MEBIBYTE)

    async with asyncio.timeout(10):
        status, _ = await portal.ask("PATCH", "/uploads/shop/deaf", data=endless())

    assert status == 503


async def test_a_large_file_passes_in_constant_memory(portal: Portal) -> None:
    async def large() -> AsyncIterator[bytes]:
        chunk = bytes(MEBIBYTE)
        for _ in range(64):
            yield chunk

    tracemalloc.start()
    try:
        await portal.ask("PATCH", data=large())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert portal.service.size == 64 * MEBIBYTE
    assert most < 16 * MEBIBYTE
