"""The gateway's composition root: settings to application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Final

import orjson
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.routing import Route

from gateway import viewer
from gateway.authentication.authenticator import Authenticator
from gateway.authentication.changes import heed_changes
from gateway.authentication.principals import Principals
from gateway.authentication.tokens import TokenVerifier
from gateway.edge import passthrough, supergraph_health
from gateway.edge.endpoint import Endpoint
from gateway.edge.one_version import OneVersion
from gateway.errors import SubgraphBadAnswer
from gateway.federated_schema import FederatedSchema
from gateway.persisted.documents import PersistedDocuments
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.settings import Settings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.source.choice import choose_source
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.in_process import InProcessTransport
from gateway.transport.origin import Origin
from gateway.transport.request import RequestContext, Send
from gateway.transport.sessions import Lease
from kit import telemetry
from kit.lifespan import Background, lifespan
from kit.signing import Signer
from kit.subgraph import health

_NAME: Final = "gateway"


def create_app(settings: Settings | None = None) -> Starlette:
    """The gateway; without `settings`, as the environment says. Needs a running event loop."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    telemetry.configure(_NAME, settings.log_level)
    session, signer = open_session(), Signer(settings.keyring)
    identity = Origin(
        "identity", settings.identity_url, session, signer, timeout=settings.subgraph_timeout
    )
    principals = Principals(partial(_principal, identity))
    rollout = Rollout(choose_source(settings), partial(_connect, settings, signer), settings)
    documents = open_documents(settings, settings.redis_url)
    endpoint = Endpoint(
        FederatedSchema(rollout.versions, documents, max_batch=settings.max_batch),
        Authenticator(
            TokenVerifier(partial(_key_set, identity), issuer=settings.public_url), principals
        ),
        ide=settings.in_development,
        max_body=settings.max_body,
    )
    return Starlette(
        routes=[
            Route("/graphql", OneVersion(endpoint, rollout.versions)),
            *passthrough.routes(identity, max_body=settings.max_body),
            supergraph_health.route(rollout),
            *health.routes({}),
        ],
        lifespan=_lifespan(settings, rollout, documents, principals, session),
    )


def _lifespan(
    settings: Settings,
    rollout: Rollout,
    documents: PersistedDocuments,
    principals: Principals,
    session: ClientSession,
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Nothing is answered before there is a supergraph."""
    background: list[Background] = [
        rollout.follow,
        documents.trusted.follow,
        partial(heed_changes, settings.redis_url, principals),
    ]

    async def close() -> None:
        await rollout.close()
        await documents.registered.close()
        await session.close()

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        try:
            await rollout.start()
        except BaseException:
            await close()
            raise
        async with lifespan(background, close)(app):
            yield

    return living


def _connect(
    settings: Settings, signer: Signer, supergraph: Supergraph, lease: Lease
) -> dict[str, Send]:
    """A way to each subgraph: over HTTP, but for the gateway's own."""
    urls = {
        name: settings.subgraph_urls.get(name, subgraph.url)
        for name, subgraph in supergraph.subgraphs.items()
        if name != viewer.NAME
    }
    subgraphs: dict[str, Send] = {
        name: HttpTransport(
            name,
            url,
            lease.to(url),
            signer,
            timeout=settings.subgraph_timeout,
            max_answer=settings.max_answer,
        )
        for name, url in urls.items()
    }
    subgraphs[viewer.NAME] = InProcessTransport(viewer.NAME, viewer.schema, _viewer_context)
    return subgraphs


def _viewer_context(context: RequestContext) -> viewer.Context:
    return viewer.Context(context.caller.principal if context.caller is not None else None)


async def _key_set(identity: Origin) -> Any:
    answer = await identity.send("GET", "/.well-known/jwks.json")
    if answer.status != 200:
        raise SubgraphBadAnswer(identity.name, f"status {answer.status} for the key set")
    return orjson.loads(answer.body)


async def _principal(identity: Origin, session_id: str) -> str | None:
    body = orjson.dumps({"sessionId": session_id})
    answer = await identity.send(
        "POST", "/principal", body=body, headers={"content-type": "application/json"}
    )
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise SubgraphBadAnswer(identity.name, f"status {answer.status} for a principal")
    encoded: str = orjson.loads(answer.body)["principal"]
    return encoded
