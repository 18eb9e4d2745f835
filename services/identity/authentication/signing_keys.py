"""The keys that sign access tokens: Ed25519, in the database, replaced before they grow old.

A new key is published for a while before it signs, and an old one for a while after, so that
whoever keeps the key set never meets a token it cannot check.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from joserfc.jwk import OKPKey
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from services.identity.authentication.sealing import Sealer, Unsealable
from services.identity.models import SigningKey

logger = logging.getLogger(__name__)

ALGORITHM: Final = "Ed25519"

#: How long a new key is published before it signs, and an old one after it last did.
AHEAD: Final = timedelta(minutes=10)
AFTERWARDS: Final = timedelta(hours=1)

#: How long a process goes on with what it read.
_FRESH: Final = timedelta(minutes=1)
#: Held by whoever adds a key, so that two processes do not add two.
_LOCK: Final = 0x5349474E


@dataclass(frozen=True, slots=True)
class Key:
    """One key pair."""

    id: str
    pair: OKPKey
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ring:
    """All usable keys, oldest first."""

    keys: Sequence[Key]

    def due(self, now: datetime, lifetime: timedelta) -> bool:
        """Whether it is time for a new key."""
        return not self.keys or self.keys[-1].created_at + lifetime <= now

    def signing(self, now: datetime) -> Key:
        """The key that signs: the newest that has been published for long enough."""
        return self.keys[self._signing_index(now)]

    def published(self, now: datetime) -> Sequence[Key]:
        """The keys that somebody may still, or soon, need."""
        last = self._signing_index(now)
        return [
            key
            for index, key in enumerate(self.keys)
            if index >= last or self.keys[index + 1].created_at + AHEAD + AFTERWARDS > now
        ]

    def _signing_index(self, now: datetime) -> int:
        ready = [index for index, key in enumerate(self.keys) if key.created_at + AHEAD <= now]
        return ready[-1] if ready else 0


class SigningKeys:
    """The ring in the database, read at most once a minute."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        *,
        lifetime: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._sealer = database, sealer
        self._lifetime, self._now = lifetime, now
        self._ring = Ring(())
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def signing(self) -> Key:
        """The key to sign with."""
        return (await self._current()).signing(self._now())

    async def published(self) -> list[dict[str, Any]]:
        """The public halves as JSON Web Keys (RFC 7517, RFC 8037)."""
        ring = await self._current()
        return [dict(key.pair.as_dict(private=False)) for key in ring.published(self._now())]

    async def _current(self) -> Ring:
        async with self._reading:
            if self._read_at is None or self._now() - self._read_at >= _FRESH:
                async with self._database.system() as session:
                    self._ring = await self._refreshed(session)
                self._read_at = self._now()
            return self._ring

    async def _refreshed(self, session: AsyncSession) -> Ring:
        ring = await self._stored(session)
        if not ring.due(self._now(), self._lifetime):
            return ring
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        ring = await self._stored(session)  # somebody else may have been first
        if ring.due(self._now(), self._lifetime):
            await self._add(session)
        await self._drop_outdated(session, ring)
        return await self._stored(session)

    async def _stored(self, session: AsyncSession) -> Ring:
        rows = await session.scalars(select(SigningKey).order_by(SigningKey.created_at))
        return Ring([key for row in rows if (key := self._opened(row)) is not None])

    def _opened(self, row: SigningKey) -> Key | None:
        try:
            document = orjson.loads(self._sealer.open(row.sealed_private_key, row.id))
        except Unsealable:
            logger.warning("signing key cannot be opened", extra={"kid": row.id})
            return None
        return Key(row.id, OKPKey.import_key(document), row.created_at)

    async def _add(self, session: AsyncSession) -> None:
        document = OKPKey.generate_key(ALGORITHM).as_dict(private=True)
        kid = OKPKey.import_key(document).thumbprint()
        document.update({"kid": kid, "alg": ALGORITHM, "use": "sig"})
        sealed = self._sealer.seal(orjson.dumps(document), kid)
        session.add(SigningKey(id=kid, sealed_private_key=sealed, created_at=self._now()))
        await session.flush()
        logger.info("signing key added", extra={"kid": kid})

    async def _drop_outdated(self, session: AsyncSession, ring: Ring) -> None:
        published = {key.id for key in ring.published(self._now())} if ring.keys else set()
        outdated = [key.id for key in ring.keys if key.id not in published]
        await session.execute(delete(SigningKey).where(SigningKey.id.in_(outdated)))
