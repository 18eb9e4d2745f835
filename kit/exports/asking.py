"""Asking for an export: within limits, since making files is dear."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import FromClause, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import class_mapper

from kit.contract import JobState
from kit.exports.errors import TooManyExports, TooManyWaiting
from kit.exports.job import ExportJob


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """Of one person or machine, for each kind of export: jobs that are not over, and jobs asked
    for within `period`."""

    waiting: int = 3
    recent: int = 50
    period: timedelta = timedelta(hours=24)


async def enqueue(
    session: AsyncSession, job: ExportJob, limits: ExportLimits | None = None
) -> None:
    """Ask for the job. Raises `TooManyWaiting`, `TooManyExports`."""
    limits = limits or ExportLimits()
    # The bare table: jobs that their requester may not see any more count as well.
    table = class_mapper(type(job)).local_table
    # Of two requests at once, the second counts the first.
    key = f"{table.description}:{job.requested_by_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    own = _own(table, job)
    unfinished = own.where(table.c.state.in_((JobState.QUEUED, JobState.RUNNING)))
    if await session.scalar(unfinished) >= limits.waiting:
        raise TooManyWaiting(most=limits.waiting)
    recent = own.where(table.c.created_at > job.created_at - limits.period)
    if await session.scalar(recent) >= limits.recent:
        raise TooManyExports(most=limits.recent, hours=limits.period // timedelta(hours=1))
    session.add(job)
    await session.flush()


def _own(table: FromClause, job: ExportJob) -> Select[Any]:
    counted = select(func.count()).select_from(table)
    return counted.where(table.c.requested_by_id == job.requested_by_id)
