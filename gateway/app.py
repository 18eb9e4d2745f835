"""The gateway's composition root: settings to application."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Final

import orjson
from aiohttp import ClientSession
from starlette.applications import Starlette

from gateway import viewer
from gateway.authentication.authenticator import Authenticator
from gateway.authentication.changes import heed_changes
from gateway.authentication.principals import Principals
from gateway.authentication.tokens import TokenVerifier
from gateway.edge import graphql, passthrough, supergraph_health
from gateway.edge.downloads import Downloads
from gateway.edge.transfers import TransferLimits
from gateway.edge.uploads import Uploads
from gateway.errors import SubgraphBadAnswer
from gateway.federated_schema import federate
from gateway.persisted.documents import PersistedDocuments
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.settings import Settings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.source.choice import choose_source
from gateway.transport.connecting import connect
from gateway.transport.http import open_session
from gateway.transport.in_process import InProcessTransport
from gateway.transport.origin import Origin
from gateway.transport.request import Connections, RequestContext
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
    authenticator = Authenticator(
        TokenVerifier(partial(_key_set, identity), issuer=settings.public_url), principals
    )
    # Files have connections of their own: nobody's sign-in waits for them.
    transfers = open_session(settings.max_downloads + settings.max_uploads)
    schema = federate(rollout.versions, documents, settings)
    origins = settings.allowed_origins or frozenset({settings.public_url})
    return Starlette(
        routes=[
            *graphql.routes(schema, authenticator, rollout.versions, settings, origins),
            *passthrough.routes(
                identity,
                max_body=settings.max_body,
                trusted_hops=settings.trusted_hops,
                forget=principals.forget_session,
            ),
            _downloads(settings, authenticator, transfers, signer).route(),
            *_uploads(settings, authenticator, transfers, signer).routes(),
            supergraph_health.route(rollout),
            *health.routes({}),
        ],
        lifespan=_lifespan(settings, rollout, documents, principals, (session, transfers)),
    )


def _lifespan(
    settings: Settings,
    rollout: Rollout,
    documents: PersistedDocuments,
    principals: Principals,
    sessions: Sequence[ClientSession],
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
        for session in sessions:
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


def _downloads(
    settings: Settings, authenticator: Authenticator, session: ClientSession, signer: Signer
) -> Downloads:
    limits = _limits(settings, settings.max_downloads, settings.max_downloads_of_caller)
    return Downloads(settings.file_origins, authenticator, session, signer, limits)


def _uploads(
    settings: Settings, authenticator: Authenticator, session: ClientSession, signer: Signer
) -> Uploads:
    limits = _limits(settings, settings.max_uploads, settings.max_uploads_of_caller)
    return Uploads(settings.file_origins, authenticator, session, signer, limits)


def _limits(settings: Settings, at_once: int, of_caller: int) -> TransferLimits:
    return TransferLimits(
        at_once=at_once,
        of_caller=of_caller,
        answer=settings.subgraph_timeout,
        silence=settings.subgraph_silence,
        patience=settings.transfer_patience,
    )


def _connect(
    settings: Settings, signer: Signer, supergraph: Supergraph, lease: Lease
) -> Connections:
    """A way to each subgraph: over the network, but for the gateway's own."""
    own = InProcessTransport(viewer.NAME, viewer.schema, _viewer_context)
    others = [each for each in supergraph.subgraphs.values() if each.name != viewer.NAME]
    connections = connect(others, settings, signer, lease)
    return Connections({**connections.requests, viewer.NAME: own}, connections.streams)


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
