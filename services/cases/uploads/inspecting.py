"""Files that have arrived are put together, measured, looked into, and given out or not."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from kit.cancellation import heed_cancellation
from kit.columns import utc_now
from kit.database import Database
from kit.objects import ObjectNotFound, Objects
from kit.outbox import record
from services.cases.events import FileInspected
from services.cases.models import CaseFile, FileState, Finding, UploadSession
from services.cases.uploads.archives import is_closed
from services.cases.uploads.scanners import Scanner, ScannerUnavailable, Verdict
from services.cases.uploads.sniffing import ENOUGH, media_type
from services.cases.uploads.store import UploadStore

logger = logging.getLogger(__name__)

#: Seconds between two looks for work.
_POLL: Final = 0.5
#: A process that dies in the middle leaves a file for this long; one that works says so earlier.
_LEASE: Final = timedelta(minutes=2)
_RENEWED: Final = timedelta(seconds=30)
#: How long to wait for a scanner that does not answer.
_PAUSE: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Inspector:
    """Any number may run: each file is with one of them."""

    database: Database
    objects: Objects
    store: UploadStore
    scanner: Scanner
    now: Callable[[], datetime] = utc_now

    async def run(self) -> None:
        """For as long as the process lives, whatever goes down meanwhile."""
        while True:
            try:
                if not await self.inspect_next():
                    await asyncio.sleep(_POLL)
                heed_cancellation()
            except (OSError, SQLAlchemyError):
                logger.warning("inspection interrupted", exc_info=True)
                await asyncio.sleep(_POLL)

    async def inspect_next(self) -> bool:
        """Look into the file that has waited for longest; False when none waits."""
        claimed = await self._claimed()
        if claimed is None:
            return False
        file, upload_id = claimed
        try:
            await self._inspect(file, upload_id)
        except (ScannerUnavailable, ObjectNotFound) as error:
            # The file waits: a scanner comes back, and so may bytes that a store has mislaid.
            logger.warning("file not inspected", extra={"file": str(file.id), "why": repr(error)})
            await self._lease(file.id, self.now() + _PAUSE)
        return True

    async def _claimed(self) -> tuple[CaseFile, UUID] | None:
        now = self.now()
        async with self.database.system() as session:
            found = await session.execute(
                select(CaseFile, UploadSession.id)
                .join(UploadSession, UploadSession.file_id == CaseFile.id)
                .where(
                    CaseFile.state == FileState.SCANNING,
                    or_(CaseFile.leased_until.is_(None), CaseFile.leased_until <= now),
                )
                .order_by(CaseFile.created_at)
                .limit(1)
                .with_for_update(of=CaseFile, skip_locked=True)
            )
            row = found.one_or_none()
            if row is None:
                return None
            row[0].leased_until = now + _LEASE
            return row[0], row[1]

    async def _inspect(self, file: CaseFile, upload_id: UUID) -> None:
        key = f"files/{file.id.hex}"
        seen = _Seen()
        await self.objects.put(key, self._kept_alive(file.id, seen.of(self.store.read(upload_id))))
        verdict = await self._verdict(file, key, seen)
        if verdict.finding is not None:
            logger.warning(
                "file refused",
                extra={"file": str(file.id), "finding": verdict.finding, "detail": verdict.detail},
            )
        if await self._concluded(file.id, key, seen, verdict):
            await self.store.empty(upload_id)

    async def _verdict(self, file: CaseFile, key: str, seen: "_Seen") -> Verdict:
        if file.sha256 is not None and file.sha256 != seen.sha256:
            return Verdict(Finding.CHECKSUM_MISMATCH)
        opened = await self.objects.get(key)
        verdict = await self.scanner.scan(self._kept_alive(file.id, opened.chunks))
        if verdict.finding is None and await is_closed(self.objects, key, seen.beginning):
            return Verdict(Finding.INCONCLUSIVE, "encrypted archive")
        return verdict

    async def _concluded(self, id: UUID, key: str, seen: "_Seen", verdict: Verdict) -> bool:
        """False when somebody else has meanwhile taken the file over."""
        async with self.database.system() as session:
            file = await session.get_one(CaseFile, id, with_for_update=True)
            if file.state is not FileState.SCANNING:
                return False
            file.state = _STATES.get(verdict.finding, FileState.QUARANTINED)
            file.finding = verdict.finding.name if verdict.finding is not None else None
            file.sha256, file.content_type = seen.sha256, media_type(seen.beginning)
            file.object_key = key if verdict.finding in _KEPT else None
            file.scanned_at, file.leased_until = self.now(), None
            record(
                session,
                FileInspected(
                    case_id=file.case_id,
                    account_id=file.account_id,
                    file_id=file.id,
                    uploaded_by_id=file.uploaded_by_id,
                    state=file.state.name,
                    finding=file.finding,
                ),
            )
        if file.object_key is None:
            await self.objects.delete(key)
        return True

    async def _kept_alive(self, id: UUID, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks; the file stays ours however long they take."""
        renewed = self.now()
        async for chunk in chunks:
            if self.now() - renewed >= _RENEWED:
                renewed = self.now()
                await self._lease(id, renewed + _LEASE)
            yield chunk

    async def _lease(self, id: UUID, until: datetime) -> None:
        async with self.database.system() as session:
            await session.execute(
                update(CaseFile)
                .where(CaseFile.id == id, CaseFile.state == FileState.SCANNING)
                .values(leased_until=until)
                .execution_options(synchronize_session=False)
            )


#: Staff may look at what a scanner could not; nothing harmful is kept.
_KEPT: Final = (None, Finding.INCONCLUSIVE)
_STATES: Final = {None: FileState.READY, Finding.CHECKSUM_MISMATCH: FileState.ABANDONED}


@dataclass(slots=True)
class _Seen:
    """What passes by."""

    beginning: bytes = b""
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    async def of(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks."""
        async for chunk in chunks:
            self._hash.update(chunk)
            if len(self.beginning) < ENOUGH:
                self.beginning += chunk[: ENOUGH - len(self.beginning)]
            yield chunk

    @property
    def sha256(self) -> str:
        """In hexadecimal."""
        return self._hash.hexdigest()
