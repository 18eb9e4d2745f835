"""Makes the files of queued jobs, one after the other, for as long as the process lives."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.exports.cells import Cell, Row
from kit.exports.errors import ExportFailure, ExportRefused
from kit.exports.files import CONTENT_TYPES, Table, write_file
from kit.exports.job import ExportJob
from kit.exports.queue import J, LeaseLost, Queue
from kit.messages import Catalogues, Message
from kit.objects import Objects
from kit.principal import Principal

logger = logging.getLogger(__name__)

#: Seconds between two looks at an empty queue.
_POLL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Report(Generic[J]):
    """What a kind of export shows. `rows` reads in the requester's name, from one snapshot, and
    finds the rights of the moment in the job's `principal`; each row is as long as `columns`.
    Messages are shown in the job's language."""

    title: Message
    columns: Callable[[J], Sequence[Message]]
    rows: Callable[[AsyncSession, J], AsyncIterator[Sequence[Cell | Message]]]


@dataclass(frozen=True, slots=True)
class Made:
    """The file is in the object store."""

    object_key: str
    row_count: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The format cannot hold the list, or the requester may not see it any more."""

    reason: ExportFailure


@dataclass(frozen=True, slots=True)
class Failed:
    """Something went wrong that may go right next time."""


Outcome = Made | Refused | Failed


async def as_asked(job: ExportJob) -> Principal | None:
    """The requester with the rights they had when they asked."""
    return Principal.decode(job.principal or "")


@dataclass(frozen=True, slots=True)
class ExportRunner(Generic[J]):
    """One process's share of a queue. Any number may run.

    `requester` gives the rights to read with, None when there are none left.
    """

    queue: Queue[J]
    report: Report[J]
    objects: Objects
    catalogues: Catalogues
    requester: Callable[[J], Awaitable[Principal | None]] = as_asked
    #: Seconds between two renewals of a lease.
    renew_every: float = 20.0

    async def run(self) -> None:
        """Make files and remove expired ones, whatever goes down meanwhile."""
        while True:
            try:
                while await self.run_next():
                    pass
                await self.remove_expired()
            except Exception:  # the next look is soon enough, whatever it was
                logger.warning("exports interrupted", exc_info=True)
            await asyncio.sleep(_POLL)

    async def run_next(self) -> bool:
        """Work on the next job; False when there is none."""
        job = await self.queue.take()
        if job is None:
            return False
        try:
            await self._settle(job, await self._outcome(job))
        except* LeaseLost:
            logger.warning("export taken over", extra={"job": str(job.id)})
        return True

    async def remove_expired(self) -> None:
        """Delete the files that have been kept for long enough."""
        for job in await self.queue.expired():
            async for listed in self.objects.list(_folder(job)):
                await self.objects.delete(listed.key)
            await self.queue.expire(job)

    async def _settle(self, job: J, outcome: Outcome) -> None:
        match outcome:
            case Made(object_key, row_count):
                await self.queue.finish(job, object_key=object_key, row_count=row_count)
            case Refused(reason):
                await self.queue.refuse(job, reason)
            case Failed():
                await self.queue.put_back(job)

    async def _outcome(self, job: J) -> Outcome:
        async with asyncio.TaskGroup() as group:
            renewing = group.create_task(self._renew(job))
            try:
                return await self._make(job)
            except ExportRefused as refusal:
                return Refused(refusal.reason)
            except Exception:  # the job's turn comes again, whatever it was
                logger.exception("export failed", extra={"job": str(job.id)})
                return Failed()
            finally:
                renewing.cancel()

    async def _renew(self, job: J) -> None:
        while True:
            await asyncio.sleep(self.renew_every)
            try:
                await self.queue.keep(job)
            except (OSError, SQLAlchemyError):  # the lease outlives a lost renewal or two
                logger.warning("lease not renewed", extra={"job": str(job.id)}, exc_info=True)

    async def _make(self, job: J) -> Made | Refused:
        principal = await self.requester(job)
        if principal is None:
            return Refused(ExportFailure.FORBIDDEN)
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / "file"
            async with self._snapshot(principal) as session:
                # The job's row rule says who may have its file.
                if await session.get(self.queue.model, job.id) is None:
                    return Refused(ExportFailure.FORBIDDEN)
                job.principal = principal.encode()
                row_count = await write_file(
                    path, self._table(session, job), job.format, job.locale
                )
            # An attempt that lost its lease writes elsewhere, never over the file of another.
            key = f"{_folder(job)}/{job.attempt}.{job.format.value.lower()}"
            await self.objects.put(key, path, content_type=CONTENT_TYPES[job.format])
        return Made(key, row_count)

    def _table(self, session: AsyncSession, job: J) -> Table:
        def said(message: Message) -> str:
            return self.catalogues.translate(message, job.locale)

        async def rows() -> AsyncIterator[Row]:
            async for row in self.report.rows(session, job):
                yield [said(cell) if isinstance(cell, Message) else cell for cell in row]

        columns = [said(column) for column in self.report.columns(job)]
        return Table(said(self.report.title), columns, rows())

    @asynccontextmanager
    async def _snapshot(self, principal: Principal) -> AsyncIterator[AsyncSession]:
        async with self.queue.database.session(principal) as session:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session


def _folder(job: J) -> str:
    return f"exports/{job.id}"
