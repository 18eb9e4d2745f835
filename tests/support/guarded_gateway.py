"""The gateway as it runs, over subgraphs of a test: real tokens, signed requests, real sockets."""

from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.app import create_app
from gateway.authentication.principals import Caller
from gateway.composition import Subgraph as Member
from gateway.composition import compose
from gateway.settings import Settings
from gateway.transport.request import RequestContext, SubgraphRequest
from kit.principal import Principal
from kit.signing import Keyring, Verifier
from tests.support.http import served
from tests.support.issuing import ISSUER, Issuer
from tests.support.running_subgraph import RunningSubgraph, Subgraph

SIGNING_KEYS: Final = "k1:000102030405060708090a0b0c0d0e0f"


@dataclass(slots=True)
class Backend:
    """All that is behind a gateway: subgraphs at `/{name}`, and an identity that knows callers.

    `calls` are the requests that subgraphs were sent, `faults` what was wrong with any of them.
    With an `answer` it is that which answers for all; what they say is `changed` on the way.
    """

    subgraphs: Mapping[str, Subgraph]
    answer: Callable[[SubgraphRequest], Mapping[str, Any]] | None = None
    changed: Callable[[Any], Any] | None = None
    origin: str = ""
    issuer: Issuer = field(default_factory=Issuer)
    calls: list[SubgraphRequest] = field(default_factory=list)
    #: What came over the wire, with its body, whatever became of it.
    received: deque[tuple[Request, bytes]] = field(default_factory=lambda: deque(maxlen=100))
    resolved: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    running: dict[str, RunningSubgraph] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.running = {
            name: RunningSubgraph(name, each, self.calls, self.resolved)
            for name, each in self.subgraphs.items()
        }

    @property
    def supergraph(self) -> str:
        """Composed, with the addresses that the subgraphs have now."""
        members = [
            Member(name, f"{self.origin}/{name}", f"{each.link}\n{each.sdl}")
            for name, each in self.subgraphs.items()
        ]
        composition = compose(members)
        assert composition.supergraph_sdl is not None, "\n".join(map(str, composition.errors))
        return composition.supergraph_sdl

    @property
    def app(self) -> Starlette:
        """Subgraphs and identity, by path."""
        return Starlette(
            routes=[
                Route("/.well-known/jwks.json", self._key_set),
                Route("/principal", self._principal, methods=["POST"]),
                Route("/auth/{path:path}", self._sign_in, methods=["POST"]),
                Route("/{name}", self._answer, methods=["POST"]),
            ]
        )

    async def _key_set(self, request: Request) -> Response:
        return _json(await self.issuer.key_set())

    async def _principal(self, request: Request) -> Response:
        session_id = (await request.json())["sessionId"]
        found = await self.issuer.principal(session_id)
        return _json({"principal": found}) if found is not None else Response(status_code=404)

    async def _sign_in(self, request: Request) -> Response:
        self.received.append((request, await request.body()))
        return _json({})

    async def _answer(self, request: Request) -> Response:
        name, body = request.path_params["name"], await request.body()
        self.received.append((request, body))
        verifier = Verifier(Keyring.parse(SIGNING_KEYS), audience=name)
        try:
            verifier.verify(
                method="POST", path=request.scope["path"], body=body, headers=request.headers
            )
            asked = _asked(name, orjson.loads(body))
            return _json(await self._said(name, asked))
        except Exception as error:
            self.faults.append(f"{name}: {type(error).__name__}: {error}")
            raise

    async def _said(self, name: str, asked: SubgraphRequest) -> Mapping[str, Any]:
        if self.answer is not None:
            return self.answer(asked)
        answer = await self.running[name](asked)
        return answer if self.changed is None else {**answer, "data": self.changed(answer["data"])}


@asynccontextmanager
async def a_backend(
    subgraphs: Mapping[str, Subgraph],
    answer: Callable[[SubgraphRequest], Mapping[str, Any]] | None = None,
) -> AsyncIterator[Backend]:
    """Subgraphs at work. Fails at the end if any was asked what it does not understand."""
    backend = Backend(subgraphs, answer)
    async with served(backend.app) as backend.origin:
        yield backend
    assert backend.faults == []


@asynccontextmanager
async def a_gateway(
    backend: Backend, supergraph: str, redis_url: str, **told: Any
) -> AsyncIterator[str]:
    """The origin of a gateway over the backend; `supergraph` is a file, `told` more settings."""
    settings = Settings(
        supergraph=supergraph,
        redis_url=redis_url,
        signing_keys=SIGNING_KEYS,
        identity_url=backend.origin,
        public_url=ISSUER,
        **told,
    )
    async with served(create_app(settings)) as origin:
        yield origin


def _asked(name: str, payload: Mapping[str, Any]) -> SubgraphRequest:
    encoded = (payload.get("extensions") or {}).get("principal")
    caller = Caller(Principal.decode(encoded), encoded) if encoded is not None else None
    return SubgraphRequest(
        name,
        payload["query"],
        payload.get("operationName"),
        payload.get("variables") or {},
        RequestContext(caller, None, 0.0),
    )


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
