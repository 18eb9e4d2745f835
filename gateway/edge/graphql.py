"""`/graphql`: one path for every transport."""

from collections.abc import Collection

from starlette.routing import BaseRoute, Route, WebSocketRoute

from gateway.authentication.callers import KnowsCallers
from gateway.edge.endpoint import Endpoint
from gateway.edge.one_version import OneVersion
from gateway.edge.origins import Origins
from gateway.edge.sockets.server import WebSockets
from gateway.federated_schema import FederatedSchema
from gateway.settings import EngineSettings
from gateway.versions import Versions


def routes(
    schema: FederatedSchema,
    callers: KnowsCallers,
    versions: Versions,
    settings: EngineSettings,
    origins: Collection[str],
) -> list[BaseRoute]:
    """HTTP and WebSocket; pages of other `origins` than these open no WebSockets."""
    return [
        Route("/graphql", OneVersion(Endpoint(schema, callers, settings), versions)),
        WebSocketRoute("/graphql", WebSockets(schema, callers, Origins(origins), settings)),
    ]
