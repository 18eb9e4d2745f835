"""The queue of jobs: taken under a lease, so that one whose process died is taken again.

Each taking is an attempt with a number. Whoever lost the lease finds another number there and
changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import JobState
from kit.database import Database
from kit.exports.errors import ExportFailure
from kit.exports.job import ExportJob
from kit.outbox import Event, record

J = TypeVar("J", bound=ExportJob)

_LEASE: Final = timedelta(minutes=1)
_ATTEMPTS: Final = 5
#: How long a file is kept.
_KEPT: Final = timedelta(hours=24)


class LeaseLost(Exception):
    """Another process has taken the job over, or it was deleted."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Queue(Generic[J]):
    """The jobs of one table. `announce` makes the event that tells of a job's end."""

    database: Database
    model: type[J]
    announce: Callable[[J], Event] | None = None
    clock: Callable[[], datetime] = _now

    async def take(self) -> J | None:
        """The oldest job that nobody works on, now RUNNING and ours for a minute."""
        async with self.database.system() as session:
            while job := await self._next(session):
                if job.attempt < _ATTEMPTS:
                    job.state = JobState.RUNNING
                    job.attempt += 1
                    job.leased_until = self.clock() + _LEASE
                    return job
                self._end(session, job, JobState.FAILED, error=ExportFailure.INTERNAL)
                await session.flush()
        return None

    async def keep(self, job: J) -> None:
        """Renew the lease. Raises `LeaseLost`."""
        async with self.database.system() as session:
            held = await self._held(session, job)
            held.leased_until = self.clock() + _LEASE

    async def finish(self, job: J, *, object_key: str, row_count: int) -> None:
        """The file is there. Raises `LeaseLost`."""
        async with self.database.system() as session:
            held = await self._held(session, job)
            held.object_key, held.row_count = object_key, row_count
            held.expires_at = self.clock() + _KEPT
            self._end(session, held, JobState.DONE)

    async def refuse(self, job: J, reason: ExportFailure) -> None:
        """There will be no file. Raises `LeaseLost`."""
        async with self.database.system() as session:
            self._end(session, await self._held(session, job), JobState.FAILED, error=reason)

    async def put_back(self, job: J) -> None:
        """Something went wrong: after a while, another attempt. Raises `LeaseLost`."""
        async with self.database.system() as session:
            held = await self._held(session, job)
            held.state = JobState.QUEUED
            held.leased_until = self.clock() + _LEASE * held.attempt

    async def expired(self, most: int = 100) -> Sequence[J]:
        """Jobs whose file has been kept for long enough."""
        async with self.database.system() as session:
            jobs = await session.scalars(
                select(self.model)
                .where(self.model.state == JobState.DONE, self.model.expires_at <= self.clock())
                .limit(most)
            )
            return jobs.all()

    async def expire(self, job: J) -> None:
        """Its file is gone."""
        async with self.database.system() as session:
            current = await session.get_one(self.model, job.id, with_for_update=True)
            current.state, current.object_key = JobState.EXPIRED, None

    async def _next(self, session: AsyncSession) -> J | None:
        model = self.model
        waiting = select(model).where(
            model.state.in_((JobState.QUEUED, JobState.RUNNING)),
            or_(model.leased_until.is_(None), model.leased_until <= self.clock()),
        )
        first = waiting.order_by(model.created_at).limit(1).with_for_update(skip_locked=True)
        return (await session.scalars(first)).first()

    async def _held(self, session: AsyncSession, job: J) -> J:
        held = await session.get(self.model, job.id, with_for_update=True)
        if held is None or held.state is not JobState.RUNNING or held.attempt != job.attempt:
            raise LeaseLost
        return held

    def _end(
        self, session: AsyncSession, job: J, state: JobState, error: ExportFailure | None = None
    ) -> None:
        job.state, job.error = state, error
        job.principal = job.leased_until = None
        if self.announce is not None:
            record(session, self.announce(job))
