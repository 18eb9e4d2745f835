"""Guessing passwords is slow: an address that fails too often has to wait.

It holds for addresses that nobody has as well, so that it tells nothing. Attempts are counted
before the password is looked at: many at once do not get past it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.authentication.errors import TooManyAttempts
from services.identity.models import SignInFailures


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `attempts` in a `window`, which begins with the first."""

    attempts: int
    window: timedelta

    async def enter(self, session: AsyncSession, email_key: str, now: datetime) -> datetime | None:
        """Count an attempt; when it is one too many, the moment from which to try again."""
        rows = SignInFailures
        lapsed = rows.since <= now - self.window
        counted = await session.execute(
            insert(rows)
            .values(email_hash=_hash(email_key), count=1, since=now)
            .on_conflict_do_update(
                index_elements=[rows.email_hash],
                set_={
                    "count": case((lapsed, 1), else_=rows.count + 1),
                    "since": case((lapsed, now), else_=rows.since),
                },
            )
            .returning(rows.count, rows.since)
        )
        count, since = counted.one()
        return since + self.window if count > self.attempts else None

    async def forget(self, session: AsyncSession, email_key: str) -> None:
        """The right password was given."""
        await session.execute(
            delete(SignInFailures).where(SignInFailures.email_hash == _hash(email_key))
        )


def refuse_until(moment: datetime, now: datetime) -> TooManyAttempts:
    """The refusal, with whole seconds to wait."""
    return TooManyAttempts(retry_after=max(1, int((moment - now).total_seconds()) + 1))


def _hash(email_key: str) -> bytes:
    return hashlib.sha256(email_key.encode()).digest()
