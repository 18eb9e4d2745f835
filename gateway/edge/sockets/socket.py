"""One client's socket, from its acceptance to its end."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.authentication.callers import KnowsCallers
from gateway.edge.accept import DeferSpec
from gateway.edge.client_address import client_address
from gateway.edge.origins import Origins
from gateway.edge.sockets.admission import admitted, watch
from gateway.edge.sockets.messages import Closing, Gauge, read_message
from gateway.edge.sockets.operations import Asker, Operations
from gateway.edge.sockets.wire import Wire
from gateway.federated_schema import FederatedSchema
from gateway.settings import EngineSettings

logger = logging.getLogger(__name__)


class Socket:
    """Everything that happens on it is a task of one group: it ends as a whole."""

    def __init__(
        self,
        websocket: WebSocket,
        schema: FederatedSchema,
        callers: KnowsCallers,
        origins: Origins,
        settings: EngineSettings,
    ) -> None:
        self._websocket = websocket
        self._callers = callers
        self._origins = origins
        self._settings = settings
        self._wire = Wire(websocket, settings.client_patience)
        self._gauge = Gauge(settings.max_socket_messages)
        self._tasks = asyncio.TaskGroup()
        self._operations = Operations(
            schema, self._wire, self._tasks, settings.max_socket_operations
        )
        self._asker: Asker | None = None
        self._is_begun = asyncio.Event()
        self._is_heard = asyncio.Event()

    async def serve(self) -> None:
        """Until either side closes it."""
        closing: Closing | None = None
        try:
            async with self._tasks as tasks:
                tasks.create_task(self._await_begin())
                tasks.create_task(self._receive())
        except* WebSocketDisconnect:
            pass
        except* Closing as group:
            closing = _first(group)
        except* Exception:  # a fault of ours: the log says which, the client only that
            logger.exception("socket failed")
            closing = Closing(1011, "Internal error")
        if closing is not None:
            await self._wire.close(closing)

    async def _await_begin(self) -> None:
        try:
            async with asyncio.timeout(self._settings.init_timeout):
                await self._is_begun.wait()
        except TimeoutError as error:
            raise Closing(4408, "Connection initialisation timeout") from error

    async def _receive(self) -> None:
        """Every message; nothing here waits for the client to take anything."""
        while True:
            frame = await self._websocket.receive()
            if frame["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(frame.get("code", 1006))
            self._gauge.count()
            message = read_message(frame, self._settings.max_body)
            self._is_heard.set()
            self._take(message)

    def _take(self, message: Mapping[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                self._begin(message.get("payload"))
            case "ping":
                payload = {"payload": message["payload"]} if "payload" in message else {}
                self._tasks.create_task(self._wire.send({"type": "pong", **payload}))
            case "pong":
                pass
            case "subscribe":
                if self._asker is None:
                    raise Closing(4401, "Unauthorized")
                self._operations.begin(message, self._asker)
            case "complete":
                self._operations.end(message.get("id"))
            case _:
                raise Closing(4400, "Unknown type of message")

    def _begin(self, payload: Any) -> None:
        if self._is_begun.is_set():
            raise Closing(4429, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Closing(4400, "A payload is a JSON object")
        self._is_begun.set()
        self._tasks.create_task(self._admit(payload or {}))

    async def _admit(self, payload: Mapping[str, Any]) -> None:
        presence = await admitted(self._callers, self._origins, self._websocket, payload)
        self._asker = Asker(
            presence,
            self._websocket.headers.get("accept-language"),
            client_address(self._websocket, self._settings.trusted_hops),
            _spec(payload),
        )
        await self._wire.send({"type": "connection_ack"})
        self._tasks.create_task(watch(presence))
        self._tasks.create_task(self._stay_in_touch())

    async def _stay_in_touch(self) -> None:
        """Ping a client that says nothing; one that says nothing to that is gone."""
        while True:
            if await self._hears_nothing(self._settings.heartbeat):
                await self._wire.send({"type": "ping"})
                if await self._hears_nothing(self._settings.client_patience):
                    raise Closing(4499, "No pong in time")

    async def _hears_nothing(self, seconds: float) -> bool:
        self._is_heard.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._is_heard.wait()
        except TimeoutError:
            return True
        return False


def _spec(payload: Mapping[str, Any]) -> DeferSpec | None:
    """The protocol has no words for it: a client that takes parts says so when it begins."""
    try:
        return DeferSpec(payload["incremental"])
    except (KeyError, ValueError):
        return None


def _first(group: BaseExceptionGroup[Closing]) -> Closing:
    """Why the socket closes, of all that went wrong with it in the same moment."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Closing)
    return error
