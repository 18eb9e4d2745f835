"""Files through the gateway: known callers, constant memory, and an end when anybody leaves."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from yarl import URL

from gateway.edge.downloads import Downloads
from gateway.edge.transfers import TransferLimits
from gateway.transport.http import open_session
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.objects import Objects
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from kit.signing import Keyring, Signer, Verifier
from kit.subgraph.downloads import Downloads as ServedFiles
from kit.subgraph.downloads import StoredFile, path_of
from kit.subgraph.signed import Gate
from tests.support.http import served
from tests.support.presences import People, Person

KEYS: Final = Keyring({"k1": b"g" * 32})
URLS: Final = SignedUrls("https://portal.example", Keyring({"1": b"u" * 32}))
ME: Final = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())
MEBIBYTE: Final = 1024 * 1024
SAVED: Final = {"content-disposition": "attachment"}
LIMITS: Final = TransferLimits(at_once=9, of_caller=2, answer=5.0, silence=5.0, patience=20.0)


@dataclass
class Portal:
    """A gateway in front of a service, both on real sockets."""

    person: Person
    objects: Objects
    stack: AsyncExitStack
    asked: list[Request] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    produced: int = 0
    url: str = ""
    client: ClientSession = field(init=False)

    async def opened(self, limits: TransferLimits = LIMITS) -> "Portal":
        service = await self.stack.enter_async_context(served(self._service()))
        session = await self.stack.enter_async_context(open_session())
        downloads = Downloads(
            {"shop": service, "down": "http://127.0.0.1:9"},
            People(self.person),
            session,
            Signer(KEYS),
            limits,
        )
        app = Starlette(routes=[downloads.route()])
        self.url = await self.stack.enter_async_context(served(app))
        me = {"authorization": "Bearer me"}
        self.client = await self.stack.enter_async_context(ClientSession(headers=me))
        return self

    def path(self, id: str = "1") -> str:
        url = URLS.sign("GET", path_of("shop", "papers", id), caller=self.person.principal.id).url
        return url.removeprefix(URLS.origin)

    async def fetch(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
        async with self.client.request(method, self.url + path, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()

    def _service(self) -> Starlette:
        gate = Gate(Verifier(KEYS, audience="shop"), max_body=MEBIBYTE)
        kinds = {"papers": self._authorize}
        return Starlette(
            routes=[
                Route("/files/shop/odd/endless", self._endless),
                Route("/files/shop/odd/{kind}", self._odd),
                *ServedFiles("shop", gate, URLS, self.objects, kinds).routes(),
            ]
        )

    async def _authorize(self, principal: Principal, id: str) -> StoredFile | None:
        return StoredFile(f"docs/{id}", "paper.pdf", "application/pdf") if id == "1" else None

    async def _odd(self, request: Request) -> Response:
        self.asked.append(request)
        headers = {
            "inline": {"content-disposition": "inline"},
            "talkative": {
                **SAVED,
                "set-cookie": "a=b",
                "x-powered-by": "x",
                "cache-control": "public",
            },
            "moved": {"location": "https://elsewhere.example"},
        }
        kind = request.path_params["kind"]
        status = {"moved": 302, "broken": 500}.get(kind, 200)
        return Response(b"content", status, headers.get(kind))

    async def _endless(self, request: Request) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield bytes(MEBIBYTE)
                    self.produced += MEBIBYTE
                    await asyncio.sleep(0)  # as reading a file would: others get their turn
            finally:
                self.closed.set()

        return StreamingResponse(chunks(), headers=SAVED)


@pytest_asyncio.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest_asyncio.fixture
async def portal(stack: AsyncExitStack) -> Portal:
    objects = Objects.open("memory:///")
    await objects.put("docs/1", b"0123456789")
    return await Portal(Person(ME), objects, stack).opened()


async def test_a_file_of_the_service_is_the_gateways(portal: Portal) -> None:
    status, headers, content = await portal.fetch(portal.path())

    assert (status, content) == (200, b"0123456789")
    assert headers["content-disposition"] == 'attachment; filename="paper.pdf"'
    assert headers["content-length"] == "10"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-store"


async def test_head_and_parts_pass_through(portal: Portal) -> None:
    head = await portal.fetch(portal.path(), "HEAD")
    part = await portal.fetch(portal.path(), range="bytes=2-3", **{"if-range": head[1]["etag"]})
    same = await portal.fetch(portal.path(), **{"if-none-match": head[1]["etag"]})
    behind = await portal.fetch(portal.path(), range="bytes=10-")

    assert (head[0], head[1]["content-length"], head[2]) == (200, "10", b"")
    assert (part[0], part[1]["content-range"], part[2]) == (206, "bytes 2-3/10", b"23")
    assert (same[0], same[2]) == (304, b"")
    assert (behind[0], behind[1]["content-range"]) == (416, "bytes */10")


async def test_without_credentials_no_service_is_asked(portal: Portal) -> None:
    answer = await portal.fetch("/files/shop/odd/talkative", authorization="Bearer other")

    assert answer[0] == 401
    assert answer[1]["www-authenticate"] == "Bearer"
    assert portal.asked == []


async def test_what_the_service_refuses_is_refused(portal: Portal) -> None:
    unsigned = await portal.fetch(path_of("shop", "papers", "1"))
    unknown = await portal.fetch(portal.path("2"))

    assert [unsigned[0], unknown[0]] == [403, 404]
    assert orjson.loads(unsigned[2])["errors"][0]["extensions"]["code"] == "INVALID_SIGNED_URL"


@pytest.mark.parametrize(
    "path",
    [
        "/files/elsewhere/papers/1",
        "/files/shop/odd/%2e%2e/papers",
        "/files/shop/odd/a%2Fb%00",
        "/files/shop/.odd",
        "/files/shop//talkative",
        "/files/shop/odd/talkative?" + "q" * 3000,
        "/files/shop/" + "a" * 300,
    ],
)
async def test_a_path_that_is_not_plain_leads_nowhere(portal: Portal, path: str) -> None:
    async with portal.client.get(URL(portal.url + path, encoded=True)) as answer:
        status = answer.status

    assert status == 404
    assert portal.asked == []


async def test_a_service_is_told_the_caller_and_nothing_that_poses_as_the_gateways_word(
    portal: Portal,
) -> None:
    await portal.fetch(
        "/files/shop/odd/talkative", cookie="portal_access=me", **{"x-portal-key-id": "k9"}
    )

    [request] = portal.asked
    assert "authorization" not in request.headers
    assert "cookie" not in request.headers
    assert request.headers["x-portal-key-id"] == "k1"


async def test_a_client_is_told_no_more_than_a_file_needs(portal: Portal) -> None:
    _, headers, _ = await portal.fetch("/files/shop/odd/talkative")

    assert not {"set-cookie", "x-powered-by"} & {name.lower() for name in headers}
    assert headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["inline", "bare", "moved", "broken"])
async def test_what_is_no_file_to_be_saved_is_not_passed_on(portal: Portal, kind: str) -> None:
    status, headers, content = await portal.fetch(f"/files/shop/odd/{kind}")

    assert (status, headers["retry-after"]) == (503, "1")
    assert content != b"content"


async def test_a_service_that_is_down_costs_its_own_files(portal: Portal) -> None:
    down = await portal.fetch("/files/down/papers/1")
    up = await portal.fetch(portal.path())

    assert [down[0], up[0]] == [503, 200]


async def test_nothing_is_fetched_with_post(portal: Portal) -> None:
    assert (await portal.fetch(portal.path(), "POST"))[0] == 405


async def test_a_client_that_leaves_takes_the_services_work_with_it(portal: Portal) -> None:
    async with portal.client.get(f"{portal.url}/files/shop/odd/endless") as answer:
        await answer.content.readexactly(MEBIBYTE)

    async with asyncio.timeout(10):
        await portal.closed.wait()


async def test_a_file_is_never_held_in_memory(portal: Portal) -> None:
    async with portal.client.get(f"{portal.url}/files/shop/odd/endless") as answer:
        await answer.content.readexactly(MEBIBYTE)
        tracemalloc.start()
        for _ in range(64):
            await answer.content.readexactly(MEBIBYTE)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        ahead = portal.produced - 65 * MEBIBYTE

    assert peak < 16 * MEBIBYTE
    assert ahead < 16 * MEBIBYTE


@pytest.mark.parametrize(
    "change", [{"gone": True}, {"principal": replace(ME, queues=frozenset({"x"}))}]
)
async def test_a_download_ends_with_the_rights_it_began_with(
    portal: Portal, change: dict[str, Any]
) -> None:
    async with portal.client.get(f"{portal.url}/files/shop/odd/endless") as answer:
        await answer.content.readexactly(MEBIBYTE)
        portal.person.becomes(**change)

        with pytest.raises(ClientError):
            await answer.content.readexactly(1024 * MEBIBYTE)

    async with asyncio.timeout(10):
        await portal.closed.wait()


@pytest.mark.parametrize("change", [{"locale": "fr"}, {"proven_until": datetime.now(UTC)}, {}])
async def test_news_that_take_nothing_away_end_nothing(
    portal: Portal, change: dict[str, Any]
) -> None:
    async with portal.client.get(f"{portal.url}/files/shop/odd/endless") as answer:
        await answer.content.readexactly(MEBIBYTE)
        portal.person.becomes(principal=replace(ME, **change))

        assert await answer.content.readexactly(16 * MEBIBYTE)


async def test_one_caller_fetches_so_many_files_at_once_and_then_waits(portal: Portal) -> None:
    async with AsyncExitStack() as running:
        for _ in range(LIMITS.of_caller):
            url = f"{portal.url}/files/shop/odd/endless"
            await running.enter_async_context(portal.client.get(url))
        third = await portal.fetch(portal.path())
    async with asyncio.timeout(10):
        while (await portal.fetch(portal.path()))[0] == 429:
            pass

    assert (third[0], third[1]["retry-after"]) == (429, "5")


async def test_a_client_that_takes_nothing_is_left(stack: AsyncExitStack) -> None:
    person = Person(ME)
    portal = await Portal(person, Objects.open("memory:///"), stack).opened(
        replace(LIMITS, patience=0.1)
    )

    async with portal.client.get(f"{portal.url}/files/shop/odd/endless"):
        async with asyncio.timeout(10):
            await portal.closed.wait()
