"""Uploads whose rest never came, and bytes that nobody counts, are deleted now and then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from kit.columns import utc_now
from kit.objects import Objects
from services.cases.models import CaseFile, Finding, UploadPart
from services.cases.uploads.store import FOLDER, UploadStore

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(minutes=15)
#: Bytes are put before the row that counts them: younger ones may still get theirs.
_GRACE: Final = timedelta(days=1)
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Any number may run."""

    store: UploadStore
    objects: Objects
    now: Callable[[], datetime] = utc_now

    async def run(self) -> None:
        """For as long as the process lives."""
        while True:
            try:
                await self.sweep()
            except Exception:  # the next round is soon enough, whatever it was
                logger.warning("sweeping failed", exc_info=True)
            await asyncio.sleep(_EVERY.total_seconds())

    async def sweep(self) -> None:
        """One round."""
        while expired := await self.store.expired(self.now(), _AT_ONCE):
            for id in expired:
                await self.store.cancel(id, Finding.EXPIRED)
        await self._sweep_folder(FOLDER, self._is_part)
        await self._sweep_folder("files", self._is_file)

    async def _sweep_folder(
        self, folder: str, is_counted: Callable[[str], Awaitable[bool]]
    ) -> None:
        old = self.now() - _GRACE
        async for listed in self.objects.list(folder):
            if listed.modified <= old and not await is_counted(listed.key):
                await self.objects.delete(listed.key)

    async def _is_part(self, key: str) -> bool:
        async with self.store.database.system() as session:
            found = select(UploadPart.start).where(UploadPart.object_key == key)
            return await session.scalar(found) is not None

    async def _is_file(self, key: str) -> bool:
        """A file that is being looked into has its bytes already, and does not say so yet."""
        async with self.store.database.system() as session:
            id = UUID(hex=key.rpartition("/")[2])
            file = await session.get(CaseFile, id)
            return file is not None and (file.object_key == key or file.scanned_at is None)
