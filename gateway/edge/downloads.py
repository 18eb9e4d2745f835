"""Files on the gateway's origin: `/files/{service}/…` is streamed from the service of that name.

The caller is known here, the service decides: it gets the caller in the signed body of the
request, as with every other (decision 1). What is sent passes through in constant memory, and
stops as soon as the client is gone or is not who it was any more.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.authentication.callers import KnowsCallers, Unauthenticated, Unavailable
from gateway.authentication.credentials import MalformedCredentials, credentials_of
from gateway.authentication.principals import Caller
from gateway.edge.answers import refusal
from gateway.edge.relaying import Relay, ends
from kit.signing import Signer

logger = logging.getLogger(__name__)

#: Plain segments, none of them hidden: a path that cannot be read in two ways.
_PATH: Final = re.compile(r"/files(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}){2,8}")
_LONGEST_QUERY: Final = 2048

#: What a client may say to a service.
_INWARD: Final = ("accept-language", "if-none-match", "if-range", "range")
#: Statuses that are an answer; with the first two there is a file.
_FILE: Final = (200, 206)
_ANSWERS: Final = (*_FILE, 304, 403, 404, 410, 416)


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """Downloads at once in all and of one caller, and what is waited for, in seconds: the first
    word of a service, each next one, and a client that takes nothing."""

    at_once: int
    of_caller: int
    answer: float
    silence: float
    patience: float


class _TooMany(Exception):
    """The caller, or everybody together, fetches enough already."""

    def __init__(self, status: int) -> None:
        super().__init__("Too many files are being fetched: wait until one of them is there.")
        self.status = status


class _NotAnswered(Exception):
    """The service gave no answer that may be passed on."""


@dataclass(frozen=True, slots=True, eq=False)
class Downloads:
    """`origins` are the services that have files, by the segment after `/files`."""

    origins: Mapping[str, str]
    authenticator: KnowsCallers
    session: ClientSession
    signer: Signer
    limits: DownloadLimits
    _running: Counter[UUID] = field(default_factory=Counter)

    def route(self) -> Route:
        """GET, and HEAD with it."""
        return Route("/files/{service}/{file:path}", self, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        refused = await self._answer(request, send)
        if refused is not None:
            await refused(scope, receive, send)

    async def _answer(self, request: Request, send: Send) -> Response | None:
        """Send the file, or say why not."""
        origin = self._origin(request)
        if origin is None:
            return refusal(404, "NOT_FOUND", "There is no such file.")
        try:
            presence = await self.authenticator.presence(credentials_of(request))
            caller = await presence.caller()
            if caller is None:
                raise Unauthenticated("Files are fetched by their owners: sign in.")
            with self._slot(caller), presence.changes() as changed:
                async with self._opened(request, origin, caller) as answer:
                    relay = Relay(request, answer, send, self.limits.patience)
                    await relay.run(until=ends(presence, caller, changed))
        except (Unauthenticated, MalformedCredentials) as error:
            challenge = {"www-authenticate": "Bearer"}
            return refusal(401, "UNAUTHENTICATED", str(error), **challenge)
        except _TooMany as error:
            return refusal(error.status, "RATE_LIMITED", str(error), **{"retry-after": "5"})
        except (Unavailable, _NotAnswered) as error:
            return refusal(503, "UNAVAILABLE", str(error), **{"retry-after": "1"})
        return None

    def _origin(self, request: Request) -> str | None:
        known = self.origins.get(request.path_params["service"])
        is_plain = _PATH.fullmatch(request.scope["path"]) is not None
        return known if is_plain and len(request.url.query) <= _LONGEST_QUERY else None

    @contextmanager
    def _slot(self, caller: Caller) -> Iterator[None]:
        id = caller.principal.id
        if self._running[id] >= self.limits.of_caller:
            raise _TooMany(429)
        if self._running.total() >= self.limits.at_once:
            raise _TooMany(503)
        self._running[id] += 1
        try:
            yield
        finally:
            self._running[id] -= 1
            if not self._running[id]:
                del self._running[id]

    @asynccontextmanager
    async def _opened(
        self, request: Request, origin: str, caller: Caller
    ) -> AsyncIterator[ClientResponse]:
        """The service's answer, closed at the end, read or not. Raises `_NotAnswered`."""
        name = request.path_params["service"]
        try:
            async with asyncio.timeout(self.limits.answer):
                answer = await self._ask(request, name, origin, caller)
        except (ClientError, OSError) as error:  # TimeoutError is an OSError
            logger.warning("file not fetched", extra={"service": name, "error": repr(error)})
            raise _NotAnswered("This file cannot be fetched at the moment.") from error
        try:
            if not _may_pass(answer):
                logger.warning(
                    "file not passed on", extra={"service": name, "status": answer.status}
                )
                raise _NotAnswered("This file cannot be fetched at the moment.")
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
        signed = self.signer.headers(audience=name, method=request.method, path=target, body=body)
        return await self.session.request(
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
            timeout=ClientTimeout(total=None, sock_read=self.limits.silence),
        )


def _may_pass(answer: ClientResponse) -> bool:
    """Nothing that a browser might show instead of saving it."""
    if answer.status in _FILE:
        return answer.headers.get("content-disposition", "").startswith("attachment")
    return answer.status in _ANSWERS
