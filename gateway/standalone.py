"""A gateway over a supergraph file alone: any subgraphs, reached without signatures.

Nobody is known here, so what the supergraph's rules protect is closed to everybody.
"""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route

from gateway.authentication.authenticator import Nobody
from gateway.edge.endpoint import Endpoint
from gateway.federated_schema import FederatedSchema
from gateway.operation.limits import Limits
from gateway.pipeline import assemble
from gateway.supergraph.model import Supergraph
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.request import Send
from kit import telemetry
from kit.lifespan import lifespan
from kit.subgraph import health

#: Seconds for a whole request, and for one request to a subgraph.
_REQUEST: Final = 30.0
_SUBGRAPH: Final = 10.0

_MAX_BODY: Final = 1024 * 1024
_MAX_ANSWER: Final = 16 * 1024 * 1024
_MAX_BATCH: Final = 10
_KEPT: Final = 1_000


def create_app(supergraph: Supergraph, *, development: bool = False) -> Starlette:
    """GraphQL at `/graphql`. Needs a running event loop.

    In `development` the IDE and introspection are on.
    """
    telemetry.configure("gateway", "INFO")
    session = open_session()
    subgraphs: dict[str, Send] = {
        name: HttpTransport(
            name, each.url, session, None, timeout=_SUBGRAPH, max_answer=_MAX_ANSWER
        )
        for name, each in supergraph.subgraphs.items()
    }
    pipeline = assemble(
        supergraph,
        subgraphs,
        limits=Limits(),
        introspection=development,
        documents=_KEPT,
        plans=_KEPT,
        timeout=_REQUEST,
    )
    schema = FederatedSchema(pipeline, max_batch=_MAX_BATCH)
    endpoint = Endpoint(schema, Nobody(), ide=development, max_body=_MAX_BODY)
    return Starlette(
        routes=[Route("/graphql", endpoint), *health.routes({})],
        lifespan=lifespan([], session.close),
    )
