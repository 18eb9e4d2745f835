"""Bytes of an upload, as they come."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from kit.columns import utc_now
from kit.database import Database
from kit.principal import Principal
from kit.subgraph.signed import Refused
from services.cases.models import UploadSession
from services.cases.uploads.parts import Parts, TooManyBytes
from services.cases.uploads.protocol import Checksum
from services.cases.uploads.store import NewPart, OffsetConflict, UploadStore


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes the bytes of one request after the other."""

    database: Database
    store: UploadStore

    async def find(self, principal: Principal, id: UUID | None) -> UploadSession:
        """The caller's upload. Raises `Refused`: 404, or 410 when it is over."""
        async with self.database.session(principal) as session:
            upload = await session.get(UploadSession, id) if id is not None else None
        if upload is None:
            raise Refused(404, "NOT_FOUND", "There is no such upload.")
        if upload.finished_at is None and upload.expires_at <= utc_now():
            raise Refused(410, "UPLOAD_EXPIRED", "The rest of this upload came too late.")
        return upload

    async def receive(
        self,
        upload: UploadSession,
        offset: int,
        stream: AsyncIterator[bytes],
        checksum: Checksum | None,
    ) -> UploadSession:
        """The upload as far as it has got. Bytes that came before the client went away count,
        unless a checksum stands for all of them.

        Raises `Refused`: 409 at another offset or beside another writer, 413 when more bytes come
        than were announced, 460 when they are not what the checksum says.
        """
        if offset != upload.offset:
            raise _elsewhere()
        parts = Parts(stream, upload.length - upload.offset)
        try:
            if checksum is not None:
                return await self._verified(upload, parts, checksum)
            return await self._as_they_come(upload, parts)
        except OffsetConflict as error:
            raise _elsewhere() from error
        except TooManyBytes as error:
            text = f"This upload has {upload.length} bytes, and more came."
            raise Refused(413, "TOO_MANY_BYTES", text) from error

    async def _as_they_come(self, upload: UploadSession, parts: Parts) -> UploadSession:
        async for content in parts:
            part = await self.store.keep(upload.id, upload.offset, content)
            upload = await self.store.count(upload.id, [part])
        return upload

    async def _verified(
        self, upload: UploadSession, parts: Parts, checksum: Checksum
    ) -> UploadSession:
        kept: list[NewPart] = []
        seen, offset = hashlib.new(checksum.algorithm), upload.offset
        try:
            async for content in parts:
                seen.update(content)
                kept.append(await self.store.keep(upload.id, offset, content))
                offset += len(content)
        except TooManyBytes:
            await self.store.drop(part.object_key for part in kept)
            raise
        if parts.is_cut or not hmac.compare_digest(seen.digest(), checksum.digest):
            await self.store.drop(part.object_key for part in kept)
            raise Refused(460, "CHECKSUM_MISMATCH", "These bytes are not what their checksum says.")
        return await self.store.count(upload.id, kept) if kept else upload


def _elsewhere() -> Refused:
    return Refused(409, "OFFSET_CONFLICT", "The upload has got elsewhere: ask how far, and resume.")
