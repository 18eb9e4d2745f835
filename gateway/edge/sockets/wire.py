"""Sending to a client that may not read."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.edge.sockets.messages import Closing

logger = logging.getLogger(__name__)


class Wire:
    """The way to one client, who has `patience` seconds to take what is sent."""

    def __init__(self, websocket: WebSocket, patience: float) -> None:
        self._websocket = websocket
        self._patience = patience

    async def send(self, message: Mapping[str, Any]) -> None:
        """Raises `Closing` when the client does not take it, `WebSocketDisconnect` if it left."""
        try:
            async with asyncio.timeout(self._patience):
                await self._websocket.send_text(orjson.dumps(message).decode())
        except TimeoutError as error:
            raise Closing(1013, "Answers were not taken in time") from error

    async def close(self, closing: Closing) -> None:
        """Say why, if the client still listens."""
        try:
            async with asyncio.timeout(self._patience):
                await self._websocket.close(closing.code, closing.reason)
        except (TimeoutError, RuntimeError, OSError, WebSocketDisconnect):
            logger.info("socket cut off", extra={"code": closing.code})
