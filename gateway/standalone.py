"""A gateway over any subgraphs, reached without signatures.

Nobody is known here: a supergraph with authorization rules is refused, or what they protect is
closed to everybody.
"""

import logging
from functools import partial

from starlette.applications import Starlette

from gateway.authentication.callers import Nobody
from gateway.edge import graphql, supergraph_health
from gateway.errors import InvalidSupergraph
from gateway.federated_schema import federate
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.source.source import Source
from gateway.transport.connecting import connect
from gateway.transport.request import Connections
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
    schema = federate(rollout.versions, documents, settings)
    return Starlette(
        routes=[
            *graphql.routes(schema, Nobody(), rollout.versions, settings, settings.allowed_origins),
            supergraph_health.route(rollout),
            *health.routes({}),
        ],
        lifespan=lifespan([rollout.follow, documents.trusted.follow], rollout.close),
    )


def _connect(settings: EngineSettings, supergraph: Supergraph, lease: Lease) -> Connections:
    """Rules that nobody here can meet are refused, or kept if the operator said so."""
    protected = len(supergraph.rules)
    if protected and not settings.open_only:
        raise InvalidSupergraph(
            f"It has {protected} authorization rules, and nobody can sign in here: "
            "--open-only serves what they leave open."
        )
    if protected:
        logger.warning("protected fields are closed to everybody", extra={"protected": protected})
    return connect(supergraph.subgraphs.values(), settings, None, lease)
