"""From a queued job to a file and its end, on a real database, whatever dies on the way."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import ExportFormat, JobState
from kit.database import Database
from kit.exports.cells import Row
from kit.exports.runner import ExportRunner
from kit.messages import Message
from kit.outbox import OutboxRow
from kit.principal import Principal
from tests.support.exports import (
    ME,
    MINE,
    REPORT,
    THEIRS,
    BookExport,
    Clock,
    an_export,
    books,
    now,
    queued,
)
from tests.support.library import Book, Shelf, a_reader


async def content(runner: ExportRunner[BookExport], job: BookExport) -> str:
    assert job.object_key is not None
    opened = await runner.objects.get(job.object_key)
    return b"".join([chunk async for chunk in opened.chunks]).decode("utf-8-sig")


async def told(library: Database) -> list[str]:
    async with library.system() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [row.payload["state"] for row in rows]


async def failing(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
    yield ["begun", 1]
    raise LookupError


def with_rows(runner: ExportRunner[BookExport], rows: object) -> ExportRunner[BookExport]:
    return replace(runner, report=replace(REPORT, rows=rows))  # type: ignore[arg-type]


async def test_a_job_becomes_a_file_with_what_its_requester_may_see(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))

    assert await runner.run_next()

    job = await now(library, id)
    assert (job.state, job.row_count, job.error) == (JobState.DONE, 2, None)
    assert job.expires_at == clock.now + timedelta(hours=24)
    assert await content(runner, job) == "Title,Pages\r\nAlpha,7\r\nBeta,7\r\n"
    assert await told(library) == ["DONE"]


async def test_a_job_that_is_over_no_longer_holds_its_requesters_rights(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    id = await queued(library, an_export(ME))

    await runner.run_next()

    assert (await now(library, id)).principal is None


async def test_a_service_asks_with_columns_of_its_own(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    id = await queued(library, an_export(ME, beginning="B"))

    await runner.run_next()

    assert await content(runner, await now(library, id)) == "Title,Pages\r\nBeta,7\r\n"


@pytest.mark.parametrize("format", ExportFormat)
async def test_a_file_says_what_it_is(
    library: Database, runner: ExportRunner[BookExport], format: ExportFormat
) -> None:
    id = await queued(library, an_export(ME, format=format))

    await runner.run_next()

    key = (await now(library, id)).object_key
    assert key == f"exports/{id}/1.{format.value.lower()}"
    described = await runner.objects.head(key)
    assert described.content_type != "application/octet-stream"
    assert described.size > 0


async def test_an_empty_queue_is_no_work(runner: ExportRunner[BookExport]) -> None:
    assert not await runner.run_next()


async def test_the_oldest_job_is_first(library: Database, runner: ExportRunner[BookExport]) -> None:
    ids = [await queued(library, an_export(ME)) for _ in range(3)]

    await runner.run_next()

    states = [(await now(library, id)).state for id in ids]
    assert states == [JobState.DONE, JobState.QUEUED, JobState.QUEUED]


async def test_a_job_whose_process_died_is_taken_again_when_its_lease_is_over(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))
    await runner.queue.take()

    early = await runner.run_next()
    clock.advance(seconds=61)
    late = await runner.run_next()

    assert (early, late) == (False, True)
    job = await now(library, id)
    assert (job.state, job.object_key) == (JobState.DONE, f"exports/{id}/2.csv")


async def test_a_runner_that_lost_its_job_goes_on(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    async def deleted(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
        yield ["row", 1]
        async with library.system() as other:
            await other.delete(await other.get_one(BookExport, job.id))

    await queued(library, an_export(ME))

    assert await with_rows(runner, deleted).run_next()
    assert not await runner.run_next()


async def test_a_runner_stops_working_on_what_another_has_taken_over(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    async def endless(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
        clock.advance(seconds=61)
        while await runner.queue.take() is None:  # the lease was being renewed
            clock.advance(seconds=61)
        await asyncio.Event().wait()
        yield ["never", 1]

    id = await queued(library, an_export(ME))

    async with asyncio.timeout(20):
        await replace(with_rows(runner, endless), renew_every=0.01).run_next()

    job = await now(library, id)
    assert (job.state, job.attempt) == (JobState.RUNNING, 2)


async def test_what_failed_is_tried_again_after_a_while(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))
    await with_rows(runner, failing).run_next()
    failed = await now(library, id)

    early = await runner.run_next()
    clock.advance(seconds=61)
    await runner.run_next()

    assert (failed.state, early) == (JobState.QUEUED, False)
    assert (await now(library, id)).state is JobState.DONE


async def test_what_keeps_failing_is_given_up_and_told(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))
    for _ in range(5):
        await with_rows(runner, failing).run_next()
        clock.advance(minutes=6)

    more = await runner.run_next()

    job = await now(library, id)
    assert (more, job.state, job.error) == (False, JobState.FAILED, "INTERNAL")
    assert await told(library) == ["FAILED"]


async def test_a_list_that_the_format_cannot_hold_is_refused_at_once_with_the_reason(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    async def endless(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
        while True:
            yield ["row", 1]

    id = await queued(library, an_export(ME, format=ExportFormat.XLS))

    await with_rows(runner, endless).run_next()

    job = await now(library, id)
    assert (job.state, job.error, job.object_key) == (JobState.FAILED, "TOO_MANY_ROWS", None)
    assert [each async for each in runner.objects.list()] == []


async def test_messages_are_said_in_the_language_of_the_job(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    async def spoken(session: AsyncSession, job: BookExport) -> AsyncIterator[Sequence[Any]]:
        yield [Message("There is no such thing."), 1]

    id = await queued(library, an_export(ME, locale="fr"))

    await with_rows(runner, spoken).run_next()

    french = "Cet élément n’existe pas."
    assert french in await content(runner, await now(library, id))


@pytest.mark.parametrize("left", [None, replace(ME, accounts={})])
async def test_a_requester_who_lost_the_right_meanwhile_gets_no_file(
    library: Database, runner: ExportRunner[BookExport], left: Principal | None
) -> None:
    async def nobody(job: BookExport) -> Principal | None:
        return left

    id = await queued(library, an_export(ME))

    await replace(runner, requester=nobody).run_next()

    job = await now(library, id)
    assert (job.state, job.error, job.object_key) == (JobState.FAILED, "FORBIDDEN", None)


async def test_the_list_is_read_with_the_rights_of_the_moment(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    async def promoted(job: BookExport) -> Principal | None:
        return replace(a_reader(MINE, THEIRS), id=ME.id)

    id = await queued(library, an_export(ME))

    await replace(runner, requester=promoted).run_next()

    assert "Secret" in await content(runner, await now(library, id))


async def test_a_file_shows_one_moment(library: Database, runner: ExportRunner[BookExport]) -> None:
    async def twice(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
        async for row in books(session, job):
            yield row
        async with library.system() as other:
            shelf = await other.scalar(select(Shelf.id).where(Shelf.account_id == MINE))
            assert shelf is not None
            other.add(Book(shelf_id=shelf, title="Written meanwhile"))
        async for row in books(session, job):
            yield row

    id = await queued(library, an_export(ME))

    await with_rows(runner, twice).run_next()

    assert (await now(library, id)).row_count == 4


async def test_a_file_is_removed_when_its_time_is_over(
    library: Database, runner: ExportRunner[BookExport], clock: Clock
) -> None:
    id = await queued(library, an_export(ME))
    await runner.run_next()

    clock.advance(hours=23)
    await runner.remove_expired()
    before = (await now(library, id)).state
    clock.advance(hours=1)
    await runner.remove_expired()

    job = await now(library, id)
    assert (before, job.state, job.object_key) == (JobState.DONE, JobState.EXPIRED, None)
    assert [each async for each in runner.objects.list()] == []


async def test_a_runner_works_until_it_is_cancelled(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    begun = asyncio.Event()

    async def telling(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
        begun.set()
        async for row in books(session, job):
            yield row

    await queued(library, an_export(ME))

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        running = group.create_task(with_rows(runner, telling).run())
        await begun.wait()
        running.cancel()

    assert running.cancelled()
