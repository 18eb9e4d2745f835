"""A service's answer on its way to a client: in constant memory, for as long as both want it."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientResponse
from starlette.requests import Request
from starlette.types import Send

from gateway.authentication.presence import Presence, keeps_rights
from gateway.authentication.principals import Caller
from gateway.edge.answers import SAFETY

logger = logging.getLogger(__name__)

_CHUNK: Final = 64 * 1024

#: What a service may say to a client.
_OUTWARD: Final = (
    *("accept-ranges", "content-disposition", "content-length", "content-range"),
    *("content-type", "etag"),
)
#: Whatever the service says: a file is saved and never shown.
_HEADERS: Final = SAFETY | {
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Relay:
    """One answer on its way to one client."""

    request: Request
    answer: ClientResponse
    send: Send
    patience: float

    async def run(self, *, until: Coroutine[Any, Any, None]) -> None:
        """Until all is sent, or the client is gone, or `until` has returned."""
        sending = asyncio.ensure_future(self._pass_on())
        tasks = (sending, asyncio.ensure_future(_gone(self.request)), asyncio.ensure_future(until))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if sending.cancelled() or sending.exception() is None:
            return
        # What was announced cannot be kept: the server cuts the connection, and the client knows.
        logger.warning("download broke off", exc_info=sending.exception())

    async def _pass_on(self) -> None:
        answer = self.answer
        headers = {name: answer.headers[name] for name in _OUTWARD if name in answer.headers}
        start = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.encode(), value.encode("latin-1"))
                for name, value in {**headers, **_HEADERS}.items()
            ],
        }
        await self.send(start)
        async for chunk in answer.content.iter_chunked(_CHUNK):
            async with asyncio.timeout(self.patience):
                await self.send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self.send({"type": "http.response.body", "body": b""})


async def _gone(request: Request) -> None:
    """When the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def ends(presence: Presence, caller: Caller, changed: asyncio.Event) -> None:
    """When the caller has gone, or has other rights: whether the file is among them, the service
    says when the client asks for the rest."""
    while True:
        await changed.wait()
        changed.clear()
        if not await keeps_rights(presence, caller):
            return
