"""Resolved cases close by themselves when nobody has objected for a while."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from kit.columns import utc_now
from kit.database import Database
from services.cases.acting import Act
from services.cases.models import Case, CaseStatus
from services.cases.statuses import turn

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(minutes=15)
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Closer:
    """Any number may run: a case that somebody has in hand is left for the next round."""

    database: Database
    patience: timedelta
    now: Callable[[], datetime] = utc_now

    async def run(self) -> None:
        """For as long as the process lives; not at once, when it has requests to serve."""
        while True:
            await asyncio.sleep(_EVERY.total_seconds())
            try:
                await self.close()
            except Exception:  # the next round is soon enough, whatever it was
                logger.warning("closing failed", exc_info=True)

    async def close(self) -> int:
        """One round: how many cases it has closed."""
        closed = 0
        while count := await self._close_some():
            closed += count
        return closed

    async def _close_some(self) -> int:
        async with self.database.system() as session:
            now = self.now()
            rows = await session.scalars(
                select(Case)
                .where(Case.status == CaseStatus.RESOLVED, Case.resolved_at <= now - self.patience)
                .order_by(Case.resolved_at)
                .limit(_AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            cases = rows.all()
            for case in cases:
                act = Act(session, case, None, now)
                await turn(act, CaseStatus.CLOSED)
                act.conclude()
            return len(cases)
