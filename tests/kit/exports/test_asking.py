"""How many exports one caller may ask for."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.database import Database
from kit.errors import DomainError
from kit.exports.asking import ExportLimits, enqueue
from kit.exports.errors import TooManyExports, TooManyWaiting
from kit.exports.runner import ExportRunner
from kit.ids import new_id
from kit.principal import Principal
from tests.support.exports import ME, BookExport, an_export

LIMITS = ExportLimits(waiting=2, recent=3, period=timedelta(hours=24))


async def ask(library: Database, principal: Principal = ME, age: timedelta | None = None) -> None:
    job = an_export(principal)
    job.created_at -= age or timedelta(0)
    async with library.session(principal) as session:
        await enqueue(session, job, LIMITS)


async def test_so_many_wait_at_once(library: Database, runner: ExportRunner[BookExport]) -> None:
    for _ in range(2):
        await ask(library)

    with pytest.raises(TooManyWaiting):
        await ask(library)
    await runner.run_next()
    await ask(library)


async def test_so_many_are_made_in_a_period(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    for _ in range(3):
        await ask(library)
        await runner.run_next()

    with pytest.raises(TooManyExports):
        await ask(library)


async def test_those_of_before_the_period_do_not_count(
    library: Database, runner: ExportRunner[BookExport]
) -> None:
    for _ in range(3):
        await ask(library, age=timedelta(hours=25))
        await runner.run_next()

    await ask(library)


async def test_each_caller_is_counted_alone(library: Database) -> None:
    for _ in range(2):
        await ask(library)

    await ask(library, replace(ME, id=new_id()))


async def test_jobs_that_their_requester_may_not_see_any_more_count(library: Database) -> None:
    for _ in range(2):
        await ask(library)

    with pytest.raises(TooManyWaiting):
        await ask(library, replace(ME, accounts={}))


async def test_asking_at_the_same_instant_is_counted(library: Database) -> None:
    async def outcome() -> type[DomainError] | None:
        try:
            await ask(library)
        except DomainError as refusal:
            return type(refusal)
        return None

    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(outcome()) for _ in range(5)]

    found = [each.result() for each in asking]
    assert (found.count(None), found.count(TooManyWaiting)) == (2, 3)
