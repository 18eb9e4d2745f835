"""Files that callers fetch by signed URLs, through the gateway: `/files/{service}/{kind}/{id}`.

The gateway sends GET and HEAD with the caller in their signed body, which RFC 9110, section 9.3.1
allows between two that have agreed on it. The URL must have been made for this caller, and the
caller must still see the file: the URL alone opens nothing.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kit.errors import BadInput
from kit.objects import Described, ObjectNotFound, Objects
from kit.principal import Principal
from kit.signed_urls import SignedUrlExpired, SignedUrls
from kit.subgraph.attachments import attachment
from kit.subgraph.byte_ranges import OutOfRange, byte_range
from kit.subgraph.signed import Gate, Refused, answered, caller_of, json_object

#: On every answer: a file is one person's own, saved and never shown, and what it says it is.
_SAFETY: Final = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object that the caller may fetch, and as what. `name` may be anything people typed."""

    object_key: str
    name: str
    media_type: str


#: The file with this id, None where the caller sees no such file now.
Authorize = Callable[[Principal, str], Awaitable[StoredFile | None]]


@dataclass(frozen=True, slots=True)
class Downloads:
    """The files of one service. `authorizers` say by kind who may fetch which."""

    service: str
    gate: Gate
    urls: SignedUrls
    objects: Objects
    authorizers: Mapping[str, Authorize]

    def routes(self) -> list[Route]:
        """One for each kind; GET comes with HEAD."""
        return [
            Route(path_of(self.service, kind, "{id}"), self._handler(authorize), methods=["GET"])
            for kind, authorize in self.authorizers.items()
        ]

    def _handler(self, authorize: Authorize) -> Callable[[Request], Awaitable[Response]]:
        async def fetch(request: Request) -> Response:
            principal = caller_of(json_object(await self.gate.body(request)))
            self._verify(request, principal)
            file = await authorize(principal, request.path_params["id"])
            if file is None:
                raise _gone()
            return await self._answer(request, file)

        return answered(fetch)

    def _verify(self, request: Request, principal: Principal) -> None:
        path = request.scope["path"]
        try:
            self.urls.verify(request.method, path, request.query_params, caller=principal.id)
        except SignedUrlExpired as error:
            raise Refused(410, error.code, str(error)) from error
        except BadInput as error:
            raise Refused(403, error.code, str(error)) from error

    async def _answer(self, request: Request, file: StoredFile) -> Response:
        try:
            described = await self.objects.head(file.object_key)
        except ObjectNotFound as error:
            raise _gone() from error
        etag = _etag(described)
        headers = {**_SAFETY, "accept-ranges": "bytes", "etag": etag}
        if _matches(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        try:
            wanted = byte_range(_range(request, etag), described.size)
        except OutOfRange:
            whole = f"bytes */{described.size}"
            return Response(status_code=416, headers={**headers, "content-range": whole})
        headers |= {
            "content-disposition": attachment(file.name),
            "content-type": file.media_type,
        }
        return await self._content(request, described, headers, wanted)

    async def _content(
        self,
        request: Request,
        described: Described,
        headers: dict[str, str],
        wanted: tuple[int, int] | None,
    ) -> Response:
        start, end = wanted or (0, described.size)
        headers["content-length"] = str(end - start)
        if wanted is not None:
            headers["content-range"] = f"bytes {start}-{end - 1}/{described.size}"
        status = 200 if wanted is None else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        return StreamingResponse(
            self._chunks(described.key, start, end), status_code=status, headers=headers
        )

    async def _chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        if start == end:
            return
        opened = await self.objects.get(key, start=start, end=end)
        async for chunk in opened.chunks:
            yield chunk


def path_of(service: str, kind: str, id: str) -> str:
    """Where a file is, on the gateway's origin and on the service's own."""
    return f"/files/{service}/{kind}/{id}"


def _gone() -> Refused:
    return Refused(404, "NOT_FOUND", "There is no such file.")


def _etag(described: Described) -> str:
    """Strong (RFC 9110, section 8.8.1): what a key keeps is replaced whole or not at all."""
    identity = f"{described.key}\n{described.size}\n{described.modified.isoformat()}"
    return f'"{hashlib.sha256(identity.encode()).hexdigest()[:32]}"'


def _matches(header: str | None, etag: str) -> bool:
    """`If-None-Match` (RFC 9110, section 13.1.2), compared weakly."""
    if header is None:
        return False
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return any(tag in ("*", etag) for tag in tags)


def _range(request: Request, etag: str) -> str | None:
    """The range, unless it is meant for a file of before (RFC 9110, section 13.1.5)."""
    if request.method != "GET" or request.headers.get("if-range", etag) != etag:
        return None
    return request.headers.get("range")
