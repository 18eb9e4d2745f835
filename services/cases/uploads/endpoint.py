"""tus 1.0 over HTTP: what the gateway passes on, with the caller in the signed beginning.

https://tus.io/protocols/resumable-upload, with creation, creation-with-upload, checksum,
expiration, termination and concatenation.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.contract import ErrorCode, PrincipalKind
from kit.database import Database
from kit.errors import DomainError
from kit.ids import from_global
from kit.principal import Principal
from kit.subgraph.signed import Gate, Refused, caller_of, json_object
from services.cases.models import Finding, UploadSession
from services.cases.uploads import protocol
from services.cases.uploads.addresses import FOLDER, UPLOAD_PREFIX, UploadUrls, upload_at
from services.cases.uploads.finishing import finish
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.receiving import Receiver
from services.cases.uploads.starting import NewFile, start_partial, start_upload
from services.cases.uploads.store import OffsetConflict, UploadStore, take_over

_STATUSES: Final[Mapping[ErrorCode, int]] = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.FILE_REJECTED: 413,
    ErrorCode.RATE_LIMITED: 429,
}

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class TusEndpoint:
    """The routes of uploads."""

    gate: Gate
    database: Database
    store: UploadStore
    receiver: Receiver
    urls: UploadUrls
    limits: UploadLimits

    def routes(self) -> list[Route]:
        """Announcing, and all that is done to one upload."""
        one = f"{FOLDER}/{{id}}"
        return [
            Route(FOLDER, self._answered(self.options), methods=["OPTIONS"]),
            Route(FOLDER, self._answered(self.create), methods=["POST"]),
            Route(one, self._answered(self.options), methods=["OPTIONS"]),
            Route(one, self._answered(self.progress), methods=["HEAD"]),
            Route(one, self._answered(self.receive), methods=["PATCH"]),
            Route(one, self._answered(self.terminate), methods=["DELETE"]),
        ]

    async def options(self, request: Request) -> Response:
        """What this speaks."""
        await self.gate.opened(request)
        headers = {
            "tus-version": protocol.VERSION,
            "tus-extension": protocol.EXTENSIONS,
            "tus-checksum-algorithm": ",".join(protocol.ALGORITHMS),
            "tus-max-size": str(self.limits.size),
        }
        return Response(status_code=204, headers=headers)

    async def create(self, request: Request) -> Response:
        """Announce an upload; with bytes, begin with them."""
        principal, stream = await self._entered(request)
        match protocol.concatenation(request.headers):
            case protocol.FinalUpload(urls):
                upload = await self._concatenated(request, principal, urls)
                return self._created(upload)
            case protocol.PartialUpload():
                start = start_partial
            case None:
                start = start_upload
        new = _announced(request.headers, protocol.number(request.headers, "Upload-Length"))
        async with self.database.session(principal) as session:
            upload = await start(session, principal, new, self.limits)
        if request.headers.get("content-type") == protocol.CONTENT_TYPE:
            upload = await self._advanced(request, upload, 0, stream)
        elif not upload.length:
            upload = await self._finished(upload)
        return self._created(upload)

    async def progress(self, request: Request) -> Response:
        """How far the upload has got."""
        principal, _ = await self._entered(request)
        upload = await self._of(request, principal)
        headers = {"cache-control": "no-store", "upload-length": str(upload.length)}
        if upload.file_id is None:
            headers["upload-concat"] = "partial"
        return Response(status_code=200, headers=headers | _state(upload))

    async def receive(self, request: Request) -> Response:
        """Bytes from an offset on."""
        principal, stream = await self._entered(request)
        protocol.require_content_type(request.headers)
        offset = protocol.number(request.headers, "Upload-Offset")
        upload = await self._of(request, principal)
        upload = await self._advanced(request, upload, offset, stream)
        return Response(status_code=204, headers=_state(upload))

    async def terminate(self, request: Request) -> Response:
        """Take an unfinished upload back."""
        principal, _ = await self._entered(request)
        upload = await self._of(request, principal)
        if upload.file_id is not None and upload.finished_at is not None:
            raise Refused(403, "UPLOAD_FINISHED", "The file has arrived: it stays with its case.")
        await self.store.cancel(upload.id, Finding.CANCELLED)
        return Response(status_code=204)

    async def _entered(self, request: Request) -> tuple[Principal, AsyncIterator[bytes]]:
        opened = await self.gate.opened(request)
        principal = caller_of(json_object(opened.signed))
        protocol.require_version(request.headers)
        if principal.kind is PrincipalKind.MACHINE:
            raise Refused(403, "FORBIDDEN", "Files are brought by people, not by programs.")
        return principal, opened.stream

    async def _of(self, request: Request, principal: Principal) -> UploadSession:
        id = from_global(UPLOAD_PREFIX, request.path_params["id"])
        return await self.receiver.find(principal, id)

    async def _advanced(
        self, request: Request, upload: UploadSession, offset: int, stream: AsyncIterator[bytes]
    ) -> UploadSession:
        checksum = protocol.checksum(request.headers)
        reached = await self.receiver.receive(upload, offset, stream, checksum)
        return await self._finished(upload) if reached.offset == upload.length else reached

    async def _concatenated(
        self, request: Request, principal: Principal, urls: Sequence[str]
    ) -> UploadSession:
        partials = [await self._partial(principal, upload_at(url)) for url in urls]
        if len({partial.id for partial in partials}) != len(partials):
            raise Refused(400, "BAD_UPLOAD", "A part cannot be in a file twice.")
        new = _announced(request.headers, sum(partial.length for partial in partials))
        async with self.database.session(principal) as session:
            upload = await start_upload(session, principal, new, self.limits)
        try:
            async with self.database.system() as session:
                await take_over(session, upload.id, [partial.id for partial in partials])
        except OffsetConflict as error:
            await self.store.cancel(upload.id, Finding.CANCELLED)
            raise Refused(409, "OFFSET_CONFLICT", "A part is gone by now.") from error
        return await self._finished(upload)

    async def _partial(self, principal: Principal, id: UUID | None) -> UploadSession:
        partial = await self.receiver.find(principal, id)
        if partial.file_id is not None or partial.offset < partial.length:
            raise Refused(400, "BAD_UPLOAD", "A part is a partial upload that is whole.")
        return partial

    async def _finished(self, upload: UploadSession) -> UploadSession:
        async with self.database.system() as session:
            return await finish(session, upload.id) or upload

    def _created(self, upload: UploadSession) -> Response:
        headers = {"location": self.urls.of(upload.id), **_state(upload)}
        return Response(status_code=201, headers=headers)

    def _answered(self, handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            try:
                response = await handler(request)
            except Refused as refusal:
                response = refusal.response()
            except DomainError as error:
                status = _STATUSES.get(error.code, 400)
                response = Refused(status, error.code, str(error)).response()
            response.headers["tus-resumable"] = protocol.VERSION
            if response.status_code == 412:
                response.headers["tus-version"] = protocol.VERSION
            return response

        return handle


def _announced(headers: Mapping[str, str], length: int) -> NewFile:
    told = protocol.metadata(headers)
    return NewFile(
        name=told.get("filename", ""),
        size=length,
        sha256=told.get("sha256"),
        case_id=from_global("case", told.get("caseId", "")),
        account_id=from_global("acc", told.get("accountId", "")),
    )


def _state(upload: UploadSession) -> dict[str, str]:
    headers = {"upload-offset": str(upload.offset)}
    if upload.finished_at is None:
        headers["upload-expires"] = _http_date(upload.expires_at)
    return headers


def _http_date(moment: datetime) -> str:
    """RFC 9110, section 5.6.7."""
    return format_datetime(moment, usegmt=True)
