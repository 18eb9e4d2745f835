"""The gateway's composition root: settings to application."""

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
from gateway.edge import passthrough
from gateway.edge.endpoint import Endpoint
from gateway.errors import SubgraphBadAnswer
from gateway.federated_schema import FederatedSchema
from gateway.operation.limits import Limits
from gateway.pipeline import Pipeline, assemble
from gateway.settings import Settings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.in_process import InProcessTransport
from gateway.transport.origin import Origin
from gateway.transport.request import RequestContext, Send
from kit import telemetry
from kit.lifespan import lifespan
from kit.signing import Signer
from kit.subgraph import health

_NAME: Final = "gateway"


def create_app(settings: Settings | None = None) -> Starlette:
    """The gateway; without `settings`, as the environment says. Needs a running event loop."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    telemetry.configure(_NAME, settings.log_level)
    supergraph = read_supergraph(settings.supergraph.read_text())
    session, signer = open_session(), Signer(settings.keyring)
    identity = Origin(
        "identity", settings.identity_url, session, signer, timeout=settings.subgraph_timeout
    )
    principals = Principals(partial(_principal, identity))
    endpoint = Endpoint(
        FederatedSchema(
            _pipeline(settings, supergraph, _subgraphs(settings, supergraph, session, signer)),
            max_batch=settings.max_batch,
        ),
        Authenticator(
            TokenVerifier(partial(_key_set, identity), issuer=settings.public_url), principals
        ),
        ide=settings.in_development,
        max_body=settings.max_body,
    )
    return Starlette(
        routes=[
            Route("/graphql", endpoint),
            *passthrough.routes(identity, max_body=settings.max_body),
            *health.routes({}),
        ],
        lifespan=lifespan([partial(heed_changes, settings.redis_url, principals)], session.close),
    )


def _pipeline(settings: Settings, supergraph: Supergraph, subgraphs: dict[str, Send]) -> Pipeline:
    limits = Limits(
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        root_fields=settings.max_root_fields,
        fields=settings.max_fields,
    )
    return assemble(
        supergraph,
        subgraphs,
        limits=limits,
        introspection=settings.in_development,
        documents=settings.document_cache,
        plans=settings.plan_cache,
        timeout=settings.request_timeout,
    )


def _subgraphs(
    settings: Settings, supergraph: Supergraph, session: ClientSession, signer: Signer
) -> dict[str, Send]:
    """A way to each subgraph: over HTTP, but for the gateway's own."""
    subgraphs: dict[str, Send] = {
        name: HttpTransport(
            name,
            settings.subgraph_urls.get(name, subgraph.url),
            session,
            signer,
            timeout=settings.subgraph_timeout,
            max_answer=settings.max_answer,
        )
        for name, subgraph in supergraph.subgraphs.items()
        if name != viewer.NAME
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
