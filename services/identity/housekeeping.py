"""Rows that time has made useless are deleted, now and then."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from services.identity.models import PasswordReset, Session

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(hours=1)

#: Refresh tokens of a dead session still reveal their reuse; after this, they are unknown.
_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Deletes sessions that expired, with their refresh tokens, and resets of passwords."""

    database: Database

    async def run(self) -> None:
        """For as long as the process lives."""
        while True:
            try:
                async with self.database.system() as session:
                    await self.tidy(session, datetime.now(UTC))
            except Exception:  # the next round is soon enough, whatever it was
                logger.warning("housekeeping failed", exc_info=True)
            await asyncio.sleep(_EVERY.total_seconds())

    async def tidy(self, session: AsyncSession, now: datetime) -> None:
        """One round."""
        await session.execute(delete(Session).where(Session.expires_at <= now - _KEPT))
        await session.execute(delete(PasswordReset).where(PasswordReset.expires_at <= now - _KEPT))
