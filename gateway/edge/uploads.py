"""Uploads on the gateway's origin: `/uploads/{service}/…` is tus 1.0, streamed to the service.

The caller is known here, the service decides. The caller stands at the beginning of the body, and
that alone is signed: the bytes behind it are passed on as they come, in constant memory.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from gateway.authentication.callers import KnowsCallers, Unauthenticated, Unavailable
from gateway.authentication.credentials import MalformedCredentials, credentials_of
from gateway.authentication.presence import Presence
from gateway.authentication.principals import Caller
from gateway.edge.answers import SAFETY, refusal
from kit.signing import SIGNED_LENGTH, Signer

logger = logging.getLogger(__name__)

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


@dataclass(frozen=True, slots=True)
class Uploads:
    """`origins` are the services that take files, by the segment after `/uploads`.

    `answer` is how many seconds a service may take after the last byte, `patience` how many a
    client may send nothing.
    """

    origins: Mapping[str, str]
    authenticator: KnowsCallers
    session: ClientSession
    signer: Signer
    answer: float
    patience: float

    def routes(self) -> list[Route]:
        """Announcing, and all that is done to one upload."""
        return [
            Route("/uploads/{service}", self._answered, methods=_METHODS),
            Route("/uploads/{service}/{upload}", self._answered, methods=_METHODS),
        ]

    async def _answered(self, request: Request) -> Response:
        path, service = request.scope["path"], request.path_params["service"]
        if service not in self.origins or _PATH.fullmatch(path) is None:
            return refusal(404, "NOT_FOUND", "There is no such upload.")
        try:
            return await self._forwarded(request, service, path)
        except (Unauthenticated, MalformedCredentials) as error:
            challenge = {"www-authenticate": "Bearer"}
            return refusal(401, "UNAUTHENTICATED", str(error), **challenge)
        except Unavailable as error:
            return refusal(503, "UNAVAILABLE", str(error), **{"retry-after": "1"})
        except (ClientError, OSError) as error:  # TimeoutError is an OSError
            logger.warning("upload not passed on", extra={"service": service, "error": repr(error)})
            return refusal(503, "UNAVAILABLE", "Try to resume.", **{"retry-after": "1"})

    async def _forwarded(self, request: Request, service: str, path: str) -> Response:
        method = _method(request)
        credentials = credentials_of(request)
        if method != "OPTIONS" and _TUS not in request.headers:
            return refusal(412, "UNSUPPORTED_VERSION", "This speaks tus: send Tus-Resumable.")
        presence = await self.authenticator.presence(credentials)
        caller = await presence.caller()
        if caller is None and method != "OPTIONS":
            raise Unauthenticated("Files are brought by their owners: sign in.")
        beginning = orjson.dumps(
            {"extensions": {"principal": caller.encoded if caller is not None else None}}
        )
        signed = self.signer.headers(audience=service, method=method, path=path, body=beginning)
        body = _Body(request, beginning, presence, caller, self.patience)
        # However long the bytes take: the service's time begins when it has them all.
        async with (
            asyncio.timeout(None) as limit,
            self.session.request(
                method,
                URL(self.origins[service].rstrip("/") + path, encoded=True),
                data=body.chunks(limit, self.answer),
                headers={**_inward(request), **signed, SIGNED_LENGTH: str(len(beginning))},
                allow_redirects=False,
                timeout=ClientTimeout(total=None),
            ) as answer,
        ):
            return await _outward(answer)


@dataclass(frozen=True, slots=True)
class _Body:
    """What goes to the service: who sends it, and what they send for as long as it is them."""

    request: Request
    beginning: bytes
    presence: Presence
    caller: Caller | None
    patience: float

    async def chunks(self, limit: asyncio.Timeout, answer: float) -> AsyncIterator[bytes]:
        """All of it; from then on, the limit ends in `answer` seconds."""
        yield self.beginning
        async for chunk in self._sent():
            yield chunk
        limit.reschedule(asyncio.get_running_loop().time() + answer)

    async def _sent(self) -> AsyncIterator[bytes]:
        """A client that is gone, says nothing, or has lost its rights has said all: what came
        counts."""
        stream = aiter(self.request.stream())
        with self.presence.changes() as changed:
            while not (changed.is_set() and await self._is_another(changed)):
                try:
                    async with asyncio.timeout(self.patience):
                        chunk = await anext(stream)
                except (StopAsyncIteration, ClientDisconnect, TimeoutError):
                    return
                if chunk:
                    yield chunk

    async def _is_another(self, changed: asyncio.Event) -> bool:
        changed.clear()
        try:
            current = await self.presence.caller()
        except (Unauthenticated, Unavailable):
            return True
        return current is None or self.caller is None or current.encoded != self.caller.encoded


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
