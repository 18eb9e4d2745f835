"""A gateway over a subgraph that streams: real sockets, and events when a test says so."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, TCPConnector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.authentication.authenticator import Authenticator
from gateway.authentication.principals import Caller, Principals
from gateway.authentication.tokens import TokenVerifier
from gateway.composition import Subgraph as Member
from gateway.composition import compose
from gateway.edge import graphql
from gateway.errors import SubgraphUnavailable
from gateway.federated_schema import federate
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.transport.connecting import connect
from gateway.transport.request import Connections, RequestContext, SubgraphRequest
from gateway.transport.sessions import Lease
from kit.lifespan import lifespan
from kit.principal import Principal
from tests.support.http import served
from tests.support.issuing import ISSUER, Issuer, a_principal, claims
from tests.support.running_subgraph import RunningSubgraph, Subgraph
from tests.support.scripted_source import ScriptedSource
from tests.support.transports import acknowledged, streamed

#: Seconds in which whatever is waited for must happen.
SOON: Final = 10.0

SCOPE: Final = "invoice:read"

_TICKS: Final = """
    type Query { number: Int secret: Int @requiresScopes(scopes: [["invoice:read"]]) clock: Clock
      clocks: [Clock!]! }
    type Mutation { wind: Int }
    type Subscription {
      ticked(of: ID): Tick!
      known: Tick! @authenticated
      closed: Tick! @requiresScopes(scopes: [["invoice:read"]])
    }
    type Tick { number: Int! secret: Int @requiresScopes(scopes: [["invoice:read"]]) clock: Clock
      text: String }
    type Clock @key(fields: "id") { id: ID! }
"""
_CLOCK_IDS: Final = [{"id": "c1"}, {"id": "c2"}]
_CLOCKS: Final = """
    type Clock @key(fields: "id") {
      id: ID! name: String secret: Int @requiresScopes(scopes: [["invoice:read"]])
    }
"""


class Channel:
    """Events for everybody who listens at that moment; tells who came and who left."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Queue[Any]] = []
        self._moved = asyncio.Condition()
        self.opened = 0

    @property
    def open(self) -> int:
        """How many listen."""
        return len(self._listeners)

    async def events(self, **_: Any) -> AsyncGenerator[Any, None]:
        """Until the channel says None, or what is raised."""
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self._listeners.append(queue)
        self.opened += 1
        await self._move()
        try:
            while (event := await queue.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self._listeners.remove(queue)
            # The one who listened is being ended: nothing may be awaited in its name.
            asyncio.get_running_loop().call_soon(self._moved_later)

    def say(self, event: Any) -> None:
        """To all that listen now; None ends their streams."""
        for queue in self._listeners:
            queue.put_nowait(event)

    def tick(self, number: int) -> None:
        """An event of the schema's."""
        self.say({"number": number, "secret": 7, "clock": {"id": "c1"}})

    async def until(self, open: int, opened: int = 0) -> None:
        """Wait until so many listen, and so many have come."""
        async with asyncio.timeout(SOON), self._moved:
            await self._moved.wait_for(lambda: self.open == open and self.opened >= opened)

    def _moved_later(self) -> None:
        self._task = asyncio.ensure_future(self._move())

    async def _move(self) -> None:
        async with self._moved:
            self._moved.notify_all()


@dataclass
class World:
    """A gateway, the `channel` of its subscriptions, and those who may call it."""

    client: ClientSession = field(init=False)

    channel: Channel = field(default_factory=Channel)
    issuer: Issuer = field(default_factory=Issuer)
    calls: list[SubgraphRequest] = field(default_factory=list)
    #: Until it is set, the subgraph of clocks keeps its callers waiting.
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    origin: str = ""
    subgraphs_origin: str = ""
    is_identity_down: bool = False
    source: ScriptedSource = field(default_factory=ScriptedSource)

    def __post_init__(self) -> None:
        self.gate.set()
        self.principals = Principals(self._principal)
        self.principals.went_live()
        streams = dict.fromkeys(("ticked", "known", "closed"), self.channel.events)
        ticks = Subgraph(
            _TICKS,
            {
                "Query": {"number": 1, "secret": 7, "clock": {"id": "c1"}, "clocks": _CLOCK_IDS},
                "Mutation": {"wind": 2},
                "Subscription": streams,
            },
        )
        clocks = Subgraph(_CLOCKS, {"Clock": {"name": "Big Ben", "secret": 8}})
        self.subgraphs = {"ticks": ticks, "clocks": clocks}
        resolved: Counter[str] = Counter()
        self.running = {
            name: RunningSubgraph(name, each, self.calls, resolved)
            for name, each in self.subgraphs.items()
        }
        self.running["clocks"].gate = self.gate

    async def _principal(self, session_id: str) -> str | None:
        if self.is_identity_down:
            raise SubgraphUnavailable("identity", "it is down")
        return await self.issuer.principal(session_id)

    @property
    def url(self) -> str:
        """Where operations are sent."""
        return f"{self.origin}/graphql"

    def socket(
        self, payload: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[ClientWebSocketResponse]:
        """A WebSocket on which operations may begin."""
        return acknowledged(self.client, self.url, payload, headers)

    def streamed(
        self, query: str, accept: str, **headers: str
    ) -> AbstractAsyncContextManager[ClientResponse]:
        """The response to an operation that is sent by POST."""
        return streamed(self.client, self.url, {"query": query}, {"accept": accept, **headers})

    def sign_in(self, *scopes: str, **changed: Any) -> "Visitor":
        """Somebody with a session; `changed` are claims of the token."""
        token = self.issuer.sign_in(a_principal(*scopes))
        session_id = list(self.issuer.principals)[-1]
        if changed:
            token = self.issuer.token(session_id, **claims_of(session_id, changed))
        return Visitor(self, session_id, token)

    def supergraph(self) -> str:
        """Composed, with the subgraphs' addresses."""
        composition = compose(
            [
                Member(name, f"{self.subgraphs_origin}/{name}", f"{each.link}\n{each.sdl}")
                for name, each in self.subgraphs.items()
            ]
        )
        assert composition.supergraph_sdl is not None, composition.errors
        return composition.supergraph_sdl


def claims_of(session_id: str, changed: dict[str, Any]) -> dict[str, Any]:
    """Only what is changed."""
    return {name: value for name, value in claims(session_id, **changed).items() if name in changed}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in, who may come to have other rights, or none."""

    world: World
    session_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Who asks over HTTP."""
        return {"authorization": f"Bearer {self.token}"}

    def sign_out(self) -> None:
        """The session ends, and the gateway hears of it."""
        del self.world.issuer.principals[self.session_id]
        self.world.principals.forget_session(self.session_id)

    def gets(self, *scopes: str) -> None:
        """Other rights than before, and the gateway hears of it."""
        before = self.world.issuer.principals[self.session_id]
        now = a_principal(*scopes)
        self.world.issuer.principals[self.session_id] = Principal(
            kind=now.kind, id=before.id, accounts=now.accounts
        )
        self.world.principals.forget_principal(str(before.id))


@asynccontextmanager
async def a_world(**told: Any) -> AsyncIterator[World]:
    """Subgraphs and a gateway at work; `told` are settings of the gateway."""
    world = World()
    async with served(_subgraphs(world)) as world.subgraphs_origin:
        settings = EngineSettings(**{"poll": 0.01, **told})
        world.source.then(world.supergraph())
        rollout = Rollout(world.source, _connecting(settings), settings)
        await rollout.start()
        verifier = TokenVerifier(world.issuer.key_set, issuer=ISSUER)
        schema = federate(rollout.versions, open_documents(settings), settings)
        following = lifespan([rollout.follow], rollout.close)
        routes = graphql.routes(
            schema,
            Authenticator(verifier, world.principals),
            rollout.versions,
            settings,
            settings.allowed_origins,
        )
        async with (
            served(Starlette(routes=routes, lifespan=following)) as world.origin,
            ClientSession(connector=TCPConnector(limit=0)) as world.client,
        ):
            yield world


def _connecting(settings: EngineSettings) -> Any:
    def connecting(supergraph: Supergraph, lease: Lease) -> Connections:
        return connect(supergraph.subgraphs.values(), settings, None, lease)

    return connecting


def _subgraphs(world: World) -> Starlette:
    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        asked = _asked(name, orjson.loads(await request.body()))
        if request.headers["accept"] == "text/event-stream":
            return StreamingResponse(_events(world, asked), media_type="text/event-stream")
        content = orjson.dumps(await world.running[name](asked))
        return Response(content, media_type="application/json")

    return Starlette(routes=[Route("/{name}", answer, methods=["POST"])])


async def _events(world: World, asked: SubgraphRequest) -> AsyncIterator[bytes]:
    yield b":\n\n"
    async with aclosing(world.running[asked.subgraph].subscribe(asked)) as answers:
        async for each in answers:
            yield b"event: next\ndata: %b\n\n" % orjson.dumps(dict(each))
    yield b"event: complete\ndata:\n\n"


def _asked(name: str, payload: dict[str, Any]) -> SubgraphRequest:
    encoded = (payload.get("extensions") or {}).get("principal")
    caller = Caller(Principal.decode(encoded), encoded) if encoded is not None else None
    return SubgraphRequest(
        name,
        payload["query"],
        payload.get("operationName"),
        payload.get("variables") or {},
        RequestContext(caller, None, 0.0),
    )
