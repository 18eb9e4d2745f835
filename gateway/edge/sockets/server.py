"""The handshake: which pages may open a socket, and in which protocol."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from gateway.authentication.callers import KnowsCallers
from gateway.edge.origins import Origins
from gateway.edge.sockets.socket import Socket
from gateway.federated_schema import FederatedSchema
from gateway.settings import EngineSettings

PROTOCOL: Final = "graphql-transport-ws"


@dataclass(frozen=True, slots=True)
class WebSockets:
    """An ASGI application."""

    schema: FederatedSchema
    callers: KnowsCallers
    origins: Origins
    settings: EngineSettings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until either side closes it."""
        websocket = WebSocket(scope, receive, send)
        if not self.origins.allow(websocket.headers):
            await websocket.close(1008)  # before it is accepted: the handshake answers 403
        elif PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
        else:
            await websocket.accept(PROTOCOL)
            socket = Socket(websocket, self.schema, self.callers, self.origins, self.settings)
            await socket.serve()
