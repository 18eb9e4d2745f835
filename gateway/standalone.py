"""A gateway over any subgraphs, reached without signatures.

Nobody is known here, so what the supergraph's rules protect is closed to everybody.
"""

import logging
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Route

from gateway.authentication.callers import Nobody
from gateway.edge import supergraph_health
from gateway.edge.endpoint import Endpoint
from gateway.edge.one_version import OneVersion
from gateway.federated_schema import FederatedSchema
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.source.source import Source
from gateway.transport.http import HttpTransport
from gateway.transport.request import Send
from gateway.transport.sessions import Lease
from kit.lifespan import lifespan
from kit.subgraph import health

logger = logging.getLogger(__name__)


async def open_app(settings: EngineSettings, source: Source) -> Starlette:
    """GraphQL at `/graphql`, once the source has given a supergraph. Raises `GatewayError`.

    Its lifespan follows the source, and closes what was opened here.
    """
    rollout = Rollout(source, partial(_connect, settings), settings)
    try:
        await rollout.start()
    except BaseException:
        await rollout.close()
        raise
    documents = open_documents(settings)
    endpoint = Endpoint(
        FederatedSchema(rollout.versions, documents, max_batch=settings.max_batch),
        Nobody(),
        ide=settings.in_development,
        max_body=settings.max_body,
    )
    return Starlette(
        routes=[
            Route("/graphql", OneVersion(endpoint, rollout.versions)),
            supergraph_health.route(rollout),
            *health.routes({}),
        ],
        lifespan=lifespan([rollout.follow, documents.trusted.follow], rollout.close),
    )


def _connect(settings: EngineSettings, supergraph: Supergraph, lease: Lease) -> dict[str, Send]:
    if supergraph.rules:
        logger.warning(
            "no authentication is configured: protected fields are closed to everybody",
            extra={"protected": len(supergraph.rules)},
        )
    return {
        name: _over_http(settings, name, settings.subgraph_urls.get(name, subgraph.url), lease)
        for name, subgraph in supergraph.subgraphs.items()
    }


def _over_http(settings: EngineSettings, name: str, url: str, lease: Lease) -> Send:
    return HttpTransport(
        name,
        url,
        lease.to(url),
        None,
        timeout=settings.subgraph_timeout,
        max_answer=settings.max_answer,
    )
