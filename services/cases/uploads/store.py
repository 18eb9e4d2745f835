"""Where the parts of uploads are: rows in the database, bytes in the object store.

A part counts once its row is committed, and its bytes are there before that: whatever is killed
in between, the offset is exactly what is kept. Bytes without a row are swept away.
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.database import Database
from kit.objects import Objects
from services.cases.models import (
    CaseFile,
    FileState,
    Finding,
    UploadPart,
    UploadSession,
)

#: The folder of the parts in the object store.
FOLDER: Final = "uploads"


class OffsetConflict(Exception):
    """Somebody else went on with the upload meanwhile, or it is over."""


@dataclass(frozen=True, slots=True)
class NewPart:
    """Bytes that are in the store and do not count yet."""

    start: int
    size: int
    object_key: str


@dataclass(frozen=True, slots=True)
class UploadStore:
    """Keeps parts, gives them back, forgets them."""

    database: Database
    objects: Objects
    #: How long an upload lives after its last byte.
    patience: timedelta

    async def keep(self, upload_id: UUID, start: int, content: bytes) -> NewPart:
        """Put bytes into the store. Two writers of one upload never share a key."""
        key = f"{FOLDER}/{upload_id.hex}/{start:020}-{secrets.token_hex(8)}"
        await self.objects.put(key, content)
        return NewPart(start, len(content), key)

    async def count(self, upload_id: UUID, parts: Sequence[NewPart]) -> UploadSession:
        """Let parts count that follow what is there. Raises `OffsetConflict`; nothing of them
        counts then, and their bytes are gone."""
        try:
            async with self.database.system() as session:
                return await self._counted(session, upload_id, parts)
        except OffsetConflict:
            await self.drop(part.object_key for part in parts)
            raise

    async def read(self, upload_id: UUID) -> AsyncIterator[bytes]:
        """The bytes that count, in their order."""
        async with self.database.system() as session:
            keys = await session.scalars(
                select(UploadPart.object_key)
                .where(UploadPart.upload_id == upload_id)
                .order_by(UploadPart.start)
            )
            ordered = keys.all()
        for key in ordered:
            async for chunk in (await self.objects.get(key)).chunks:
                yield chunk

    async def cancel(self, upload_id: UUID, finding: Finding) -> None:
        """The upload is no more, and its file never will be."""
        async with self.database.system() as session:
            upload = await session.get(UploadSession, upload_id, with_for_update=True)
            if upload is None or upload.finished_at is not None:
                return
            keys = await _taken_keys(session, upload_id)
            if upload.file_id is not None:
                file = await session.get_one(CaseFile, upload.file_id)
                file.state, file.finding = FileState.ABANDONED, finding.name
            await session.delete(upload)
        await self.drop(keys)

    async def empty(self, upload_id: UUID) -> None:
        """The parts are not needed any more: the file has been made of them."""
        async with self.database.system() as session:
            keys = await _taken_keys(session, upload_id)
        await self.drop(keys)

    async def drop(self, keys: Iterable[str]) -> None:
        """Delete bytes that no row counts."""
        for key in keys:
            await self.objects.delete(key)

    async def expired(self, now: datetime, most: int) -> Sequence[UUID]:
        """Unfinished uploads whose rest is waited for no longer."""
        async with self.database.system() as session:
            rows = await session.scalars(
                select(UploadSession.id)
                .where(UploadSession.finished_at.is_(None), UploadSession.expires_at <= now)
                .limit(most)
            )
            return rows.all()

    async def _counted(
        self, session: AsyncSession, upload_id: UUID, parts: Sequence[NewPart]
    ) -> UploadSession:
        first, size = parts[0].start, sum(part.size for part in parts)
        now = utc_now()
        upload: UploadSession | None = await session.scalar(
            update(UploadSession)
            .where(
                UploadSession.id == upload_id,
                UploadSession.offset == first,
                UploadSession.finished_at.is_(None),
                UploadSession.expires_at > now,
            )
            .values(offset=first + size, expires_at=now + self.patience)
            .returning(UploadSession)
        )
        if upload is None:
            raise OffsetConflict
        session.add_all(
            UploadPart(
                upload_id=upload_id,
                start=part.start,
                size=part.size,
                object_key=part.object_key,
            )
            for part in parts
        )
        return upload


async def take_over(
    session: AsyncSession, upload_id: UUID, partial_ids: Sequence[UUID]
) -> UploadSession:
    """Make the upload of others, which are whole: their parts become its own, and they are gone.

    Raises `OffsetConflict` when one of them went elsewhere meanwhile.
    """
    start = 0
    for id in partial_ids:
        partial = await session.get(UploadSession, id, with_for_update=True, populate_existing=True)
        if partial is None or partial.offset < partial.length:
            raise OffsetConflict
        await session.execute(
            update(UploadPart)
            .where(UploadPart.upload_id == id)
            .values(upload_id=upload_id, start=UploadPart.start + start)
            .execution_options(synchronize_session=False)
        )
        start += partial.length
        await session.delete(partial)
    upload = await session.get_one(UploadSession, upload_id, with_for_update=True)
    upload.offset = start
    return upload


async def _taken_keys(session: AsyncSession, upload_id: UUID) -> Sequence[str]:
    keys = await session.scalars(
        delete(UploadPart).where(UploadPart.upload_id == upload_id).returning(UploadPart.object_key)
    )
    return keys.all()
