"""Leases: a job is one process's at a time, and never lost with it."""

import asyncio

import pytest

from kit.database import Database
from kit.exports.errors import ExportFailure
from kit.exports.queue import LeaseLost
from kit.exports.runner import ExportRunner
from tests.support.exports import (
    ME,
    BookExport,
    Clock,
    an_export,
    now,
    queued,
)


async def test_runners_at_the_same_instant_take_different_jobs(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    ids = {await queued(library, an_export(ME)) for _ in range(4)}

    async with asyncio.TaskGroup() as group:
        taking = [group.create_task(runner.queue.take()) for _ in range(5)]

    taken = [task.result() for task in taking]
    assert {job.id for job in taken if job is not None} == ids
    assert taken.count(None) == 1


async def test_a_renewed_lease_keeps_the_job(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    await queued(library, an_export(ME))
    job = await runner.queue.take()
    assert job is not None

    clock.advance(seconds=50)
    await runner.queue.keep(job)
    clock.advance(seconds=50)

    assert await runner.queue.take() is None


async def test_who_lost_the_lease_changes_nothing(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))
    slow = await runner.queue.take()
    assert slow is not None
    clock.advance(seconds=61)
    await runner.run_next()

    for act in (
        runner.queue.keep(slow),
        runner.queue.put_back(slow),
        runner.queue.refuse(slow, ExportFailure.TOO_MANY_ROWS),
        runner.queue.finish(slow, object_key="other", row_count=0),
    ):
        with pytest.raises(LeaseLost):
            await act

    assert (await now(library, id)).object_key == f"exports/{id}/2.csv"
