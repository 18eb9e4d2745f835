"""A subgraph's events over a WebSocket of their own (graphql-transport-ws)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

import orjson
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from aiohttp.client_ws import ClientWSTimeout
from yarl import URL

from gateway.errors import SubgraphBadAnswer, SubgraphTimeout, SubgraphUnavailable
from gateway.transport.answer import checked
from gateway.transport.message import body_of, headers_of, payload_of
from gateway.transport.request import SubgraphRequest
from kit.signing import Signer

PROTOCOL: Final = "graphql-transport-ws"

_ID: Final = "1"
_CLOSING: Final = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)


class WebSocketTransport:
    """A `Subscribe` over WebSockets, one for each subscription.

    The handshake is signed as a request without a body; the principal goes with the operation.
    Limits are those of `SseTransport`.
    """

    def __init__(
        self,
        name: str,
        url: str,
        session: ClientSession,
        signer: Signer | None,
        *,
        timeout: float,
        silence: float,
        max_event: int,
    ) -> None:
        self._name = name
        self._url = URL(url)
        self._session = session
        self._signer = signer
        self._timeout = timeout
        self._silence = silence
        self._max_event = max_event

    async def __call__(self, request: SubgraphRequest) -> AsyncGenerator[Mapping[str, Any], None]:
        """Subscribe. Raises `SubgraphError`, also when the socket closes too early."""
        body_of(request)  # what cannot be written is refused before anybody is connected to
        try:
            async with asyncio.timeout(self._timeout):
                socket = await self._connected(request)
            async with socket:
                async with asyncio.timeout(self._timeout):
                    await self._begin(socket, request)
                async for answer in self._answers(socket):
                    yield answer
        except TimeoutError as error:
            raise SubgraphTimeout(self._name, "no sign of life in time") from error
        except (ClientError, OSError) as error:
            raise SubgraphUnavailable(self._name, type(error).__name__) from error

    async def _connected(self, request: SubgraphRequest) -> ClientWebSocketResponse:
        headers = headers_of(request, b"", self._url, self._signer, accept="*/*", method="GET")
        return await self._session.ws_connect(
            self._url,
            protocols=(PROTOCOL,),
            headers=headers,
            max_msg_size=self._max_event,
            # Two pings in a silence: a dead connection is noticed within it.
            heartbeat=self._silence / 2,
            timeout=ClientWSTimeout(ws_close=1.0),
        )

    async def _begin(self, socket: ClientWebSocketResponse, request: SubgraphRequest) -> None:
        if socket.protocol != PROTOCOL:
            raise SubgraphBadAnswer(self._name, "it does not speak graphql-transport-ws")
        await _send(socket, {"type": "connection_init"})
        while (await self._received(socket))["type"] != "connection_ack":
            pass
        await _send(socket, {"type": "subscribe", "id": _ID, "payload": payload_of(request)})

    async def _answers(
        self, socket: ClientWebSocketResponse
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """The answers, until the stream is complete or failed."""
        while True:
            message = await self._received(socket)
            match message["type"]:
                case "next":
                    yield checked(self._name, message.get("payload"))
                case "error":
                    yield checked(self._name, {"data": None, "errors": message.get("payload")})
                    return
                case "complete":
                    return
                case _:
                    pass

    async def _received(self, socket: ClientWebSocketResponse) -> dict[str, Any]:
        """The next message, pings answered."""
        while True:
            frame = await socket.receive()
            if frame.type in _CLOSING:
                raise SubgraphUnavailable(self._name, f"closed with {socket.close_code}")
            if frame.type is not WSMsgType.TEXT:
                raise SubgraphBadAnswer(self._name, "a message is not text, or too long")
            message = self._decoded(frame.data)
            if message["type"] != "ping":
                return message
            await _send(socket, {"type": "pong"})

    def _decoded(self, text: str) -> dict[str, Any]:
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise SubgraphBadAnswer(self._name, "a message is not JSON") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise SubgraphBadAnswer(self._name, "a message has no type")
        return message


async def _send(socket: ClientWebSocketResponse, message: Mapping[str, Any]) -> None:
    await socket.send_str(orjson.dumps(message).decode())
