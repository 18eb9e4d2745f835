"""Requests that only the gateway may send: read whole, within a limit, and verified."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from kit.principal import MalformedPrincipal, Principal
from kit.signing import SIGNED_LENGTH, BadSignature, Verifier
from kit.telemetry import REFUSED_SIGNATURES

#: A number that int() reads at no cost.
_LENGTH: Final = re.compile(r"\d{1,12}", re.ASCII)


class Refused(Exception):
    """The request goes no further. Its text is safe to show."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def response(self) -> Response:
        """In the shape of a GraphQL answer without data."""
        error = {"message": str(self), "extensions": {"code": self.code}}
        return Response(
            orjson.dumps({"errors": [error]}), self.status, media_type="application/json"
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed beginning, and the stream behind it."""

    signed: bytes
    stream: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets the gateway's requests in."""

    verifier: Verifier
    max_body: int

    async def body(self, request: Request) -> bytes:
        """The verified body. Raises `Refused`: 413 when too long, 401 when not signed."""
        chunks, size = [], 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > self.max_body:
                raise Refused(413, "BODY_TOO_LARGE", f"A body has at most {self.max_body} bytes.")
            chunks.append(chunk)
        body = b"".join(chunks)
        self._verify(request, body)
        return body

    async def opened(self, request: Request) -> Opened:
        """A body of which only the beginning is signed. Raises `Refused` as `body` does."""
        length = request.headers.get(SIGNED_LENGTH, "")
        if not _LENGTH.fullmatch(length) or int(length) > self.max_body:
            raise Refused(401, "UNSIGNED", "Only the gateway is answered here.")
        stream, beginning = request.stream(), b""
        while len(beginning) < int(length):
            chunk = await anext(stream, b"")
            if not chunk:
                break
            beginning += chunk
        signed, rest = beginning[: int(length)], beginning[int(length) :]
        self._verify(request, signed)
        return Opened(signed, _continued(rest, stream))

    def _verify(self, request: Request, body: bytes) -> None:
        try:
            self.verifier.verify(
                method=request.method,
                path=_target(request),
                body=body,
                headers=request.headers,
            )
        except BadSignature as error:
            REFUSED_SIGNATURES.labels(self.verifier.audience).inc()
            raise Refused(401, "UNSIGNED", "Only the gateway is answered here.") from error


def _target(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else request.scope["path"]


async def _continued(rest: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if rest:
        yield rest
    async for chunk in stream:
        if chunk:
            yield chunk


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object. Raises `Refused`."""
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "BAD_REQUEST", "The body is not JSON.") from error
    if not isinstance(payload, dict):
        raise Refused(400, "BAD_REQUEST", "The body is no JSON object.")
    return payload


def caller_of(payload: Mapping[str, Any]) -> Principal:
    """The caller in `extensions.principal` of a signed request. Raises `Refused`."""
    extensions = payload.get("extensions")
    text = extensions.get("principal") if isinstance(extensions, dict) else None
    if not isinstance(text, str):
        raise Refused(401, "UNAUTHENTICATED", "The request names no caller.")
    try:
        return Principal.decode(text)
    except MalformedPrincipal as error:
        raise Refused(401, "UNAUTHENTICATED", "The caller cannot be read.") from error


def replay(body: bytes) -> Receive:
    """A body that was read once, to be read again."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


#: A route's handler: what Starlette calls with a request.
Handler = Callable[[Request], Awaitable[Response]]


def answered(handler: Handler) -> Handler:
    """The handler, with refusals as responses."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refusal:
            return refusal.response()

    return handle
