"""Files on the gateway's origin: `/files/{service}/…` is streamed from the service of that name.

The caller is known here, the service decides: it gets the caller in the signed body of the
request, as with every other (decision 1). What is sent passes through in constant memory, and
stops as soon as the client is gone or is not who it was any more.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import orjson
from aiohttp import ClientResponse, ClientSession, ClientTimeout
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.authentication.callers import KnowsCallers, Unauthenticated
from gateway.authentication.credentials import credentials_of
from gateway.authentication.principals import Caller
from gateway.edge.answers import refusal
from gateway.edge.relaying import Relay, ends
from gateway.edge.transfers import NotPassedOn, TransferLimits, Transfers, answered
from kit.signing import Signer

#: Plain segments, none of them hidden: a path that cannot be read in two ways.
_PATH: Final = re.compile(r"/files(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}){2,8}")
_LONGEST_QUERY: Final = 2048

#: What a client may say to a service.
_INWARD: Final = ("accept-language", "if-none-match", "if-range", "range")
#: Statuses that are an answer; with the first two there is a file.
_FILE: Final = (200, 206)
_ANSWERS: Final = (*_FILE, 304, 403, 404, 410, 416)


class Downloads:
    """`origins` are the services that have files, by the segment after `/files`."""

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

    def route(self) -> Route:
        """GET, and HEAD with it."""
        return Route("/files/{service}/{file:path}", self, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        origin = self._origin(request)
        if origin is None:
            refused: Response | None = refusal(404, "NOT_FOUND", "There is no such file.")
        else:
            sending = self._send(request, origin, send)
            refused = await answered(sending, request.path_params["service"])
        if refused is not None:
            await refused(scope, receive, send)

    async def _send(self, request: Request, origin: str, send: Send) -> None:
        presence = await self._authenticator.presence(credentials_of(request))
        caller = await presence.caller()
        if caller is None:
            raise Unauthenticated("Files are fetched by their owners: sign in.")
        with self._running.one_more(caller), presence.changes() as changed:
            async with self._opened(request, origin, caller) as answer:
                relay = Relay(request, answer, send, self._limits.patience)
                await relay.run(until=ends(presence, caller, changed))

    def _origin(self, request: Request) -> str | None:
        known = self._origins.get(request.path_params["service"])
        is_plain = _PATH.fullmatch(request.scope["path"]) is not None
        return known if is_plain and len(request.url.query) <= _LONGEST_QUERY else None

    @asynccontextmanager
    async def _opened(
        self, request: Request, origin: str, caller: Caller
    ) -> AsyncIterator[ClientResponse]:
        """The service's answer, closed at the end, read or not. Raises `NotPassedOn`."""
        name = request.path_params["service"]
        async with asyncio.timeout(self._limits.answer):
            answer = await self._ask(request, name, origin, caller)
        try:
            if not _may_pass(answer):
                raise NotPassedOn(f"status {answer.status}")
            yield answer
        finally:
            answer.close()

    async def _ask(
        self, request: Request, name: str, origin: str, caller: Caller
    ) -> ClientResponse:
        body = orjson.dumps({"extensions": {"principal": caller.encoded}})
        query = request.url.query
        target = f"{request.scope['path']}?{query}" if query else request.scope["path"]
        said = {key: request.headers[key] for key in _INWARD if key in request.headers}
        signed = self._signer.headers(audience=name, method=request.method, path=target, body=body)
        return await self._session.request(
            request.method,
            URL(origin.rstrip("/") + target, encoded=True),
            data=body,
            headers={
                **said,
                **signed,
                "accept-encoding": "identity",
                "content-type": "application/json",
            },
            allow_redirects=False,
            auto_decompress=False,
            timeout=ClientTimeout(total=None, sock_read=self._limits.silence),
        )


def _may_pass(answer: ClientResponse) -> bool:
    """Nothing that a browser might show instead of saving it."""
    if answer.status in _FILE:
        return answer.headers.get("content-disposition", "").startswith("attachment")
    return answer.status in _ANSWERS
