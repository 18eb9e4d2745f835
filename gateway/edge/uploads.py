"""Uploads on the gateway's origin: `/uploads/{service}/…` is tus 1.0, streamed to the service.

The caller is known here, the service decides. The caller stands at the beginning of the body, and
that alone is signed: the bytes behind it are passed on as they come, in constant memory.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import ClientResponse, ClientSession, ClientTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from gateway.authentication.callers import KnowsCallers, Unauthenticated
from gateway.authentication.credentials import credentials_of
from gateway.authentication.presence import Presence, keeps_rights
from gateway.authentication.principals import Caller
from gateway.edge.answers import SAFETY, refusal
from gateway.edge.transfers import TransferLimits, Transfers, answered
from kit.signing import SIGNED_LENGTH, Signer

#: Plain segments: a path that cannot be read in two ways.
_PATH: Final = re.compile(r"/uploads(/[A-Za-z0-9_][A-Za-z0-9_-]{0,254}){1,2}")
_METHODS: Final = ("OPTIONS", "POST", "HEAD", "PATCH", "DELETE")
#: What clients behind proxies that know few methods may say in a POST.
_OVERRIDES: Final = frozenset({"PATCH", "DELETE"})
#: No form and no link of another site can send it.
_TUS: Final = "tus-resumable"

#: What a client may say to a service, and a service to a client.
_INWARD: Final = ("accept-language", "content-type")
_OUTWARD: Final = ("cache-control", "content-type", "location", "retry-after")
_TUS_HEADERS: Final = ("tus-", "upload-")
_LONGEST_ANSWER: Final = 64 * 1024


class Uploads:
    """`origins` are the services that take files, by the segment after `/uploads`."""

    def __init__(
        self,
        origins: Mapping[str, str],
        authenticator: KnowsCallers,
        session: ClientSession,
        signer: Signer,
        limits: TransferLimits,
    ) -> None:
        self._origins, self._authenticator = origins, authenticator
        self._session, self._signer = session, signer
        self._limits, self._running = limits, Transfers(limits)

    def routes(self) -> list[Route]:
        """Announcing, and all that is done to one upload."""
        return [
            Route("/uploads/{service}", self._answer, methods=_METHODS),
            Route("/uploads/{service}/{upload}", self._answer, methods=_METHODS),
        ]

    async def _answer(self, request: Request) -> Response:
        path, service = request.scope["path"], request.path_params["service"]
        if service not in self._origins or _PATH.fullmatch(path) is None:
            return refusal(404, "NOT_FOUND", "There is no such upload.")
        return await answered(self._forward(request, service), service)

    async def _forward(self, request: Request, service: str) -> Response:
        method = _method(request)
        credentials = credentials_of(request)
        if method != "OPTIONS" and _TUS not in request.headers:
            return refusal(412, "UNSUPPORTED_VERSION", "This speaks tus: send Tus-Resumable.")
        presence = await self._authenticator.presence(credentials)
        caller = await presence.caller()
        if caller is None and method != "OPTIONS":
            raise Unauthenticated("Files are brought by their owners: sign in.")
        with self._running.one_more(caller), presence.changes() as changed:
            body = _Body(request, presence, caller, changed, self._limits)
            return await self._ask(service, method, body)

    async def _ask(self, service: str, method: str, body: "_Body") -> Response:
        path, beginning = body.request.scope["path"], body.beginning
        signed = self._signer.headers(audience=service, method=method, path=path, body=beginning)
        async with (
            asyncio.timeout(self._limits.answer) as limit,
            self._session.request(
                method,
                URL(self._origins[service].rstrip("/") + path, encoded=True),
                data=body.chunks(limit),
                headers={**_inward(body.request), **signed, SIGNED_LENGTH: str(len(beginning))},
                skip_auto_headers=("content-type",),
                allow_redirects=False,
                timeout=ClientTimeout(total=None),
            ) as answer,
        ):
            return await _outward(answer)


@dataclass(frozen=True, slots=True)
class _Body:
    """What goes to the service: who sends it, and what they send for as long as it is them."""

    request: Request
    presence: Presence
    caller: Caller | None
    changed: asyncio.Event
    limits: TransferLimits

    @property
    def beginning(self) -> bytes:
        """Who sends it."""
        encoded = self.caller.encoded if self.caller is not None else None
        return orjson.dumps({"extensions": {"principal": encoded}})

    async def chunks(self, limit: asyncio.Timeout) -> AsyncIterator[bytes]:
        """All of it. Where the service is waited for, the limit ends in a moment: however long
        the client takes, that is no time of the service's."""
        self._await_service(limit)
        yield self.beginning
        limit.reschedule(None)
        async for chunk in self._sent():
            if self.changed.is_set() and not await self._is_same():
                break
            self._await_service(limit)
            yield chunk
            limit.reschedule(None)
        self._await_service(limit)

    def _await_service(self, limit: asyncio.Timeout) -> None:
        limit.reschedule(asyncio.get_running_loop().time() + self.limits.silence)

    async def _sent(self) -> AsyncIterator[bytes]:
        """A client that is gone or says nothing has said all: what came counts."""
        stream = aiter(self.request.stream())
        while True:
            try:
                async with asyncio.timeout(self.limits.patience):
                    chunk = await anext(stream)
            except (StopAsyncIteration, ClientDisconnect, TimeoutError):
                return
            if chunk:
                yield chunk

    async def _is_same(self) -> bool:
        self.changed.clear()
        return await keeps_rights(self.presence, self.caller)


def _method(request: Request) -> str:
    override = request.headers.get("x-http-method-override", "").upper()
    return override if request.method == "POST" and override in _OVERRIDES else request.method


def _inward(request: Request) -> dict[str, str]:
    return {
        name: value
        for name, value in request.headers.items()
        if name in _INWARD or name.startswith(_TUS_HEADERS)
    }


async def _outward(answer: ClientResponse) -> Response:
    body = await answer.content.read(_LONGEST_ANSWER)
    headers = {
        name.lower(): value
        for name, value in answer.headers.items()
        if name.lower() in _OUTWARD or name.lower().startswith(_TUS_HEADERS)
    }
    return Response(body, answer.status, SAFETY | headers)
