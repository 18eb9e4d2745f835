"""Whose a job is."""

from dataclasses import replace

import pytest

from kit.database import Database
from kit.principal import Principal
from tests.support.exports import ME, MINE, THEIRS, BookExport, an_export, queued
from tests.support.library import a_reader


@pytest.mark.parametrize(
    ("principal", "sees"),
    [
        (ME, True),
        (replace(a_reader(MINE, THEIRS), id=ME.id), True),
        (replace(a_reader(THEIRS), id=ME.id), False),
        (replace(a_reader(), id=ME.id), False),
        (a_reader(MINE), False),
    ],
)
async def test_a_job_is_its_requesters_for_as_long_as_they_have_the_right(
    library: Database, principal: Principal, sees: bool
) -> None:
    id = await queued(library, an_export(ME))

    async with library.session(principal) as session:
        found = await session.get(BookExport, id)

    assert (found is not None) is sees


async def test_an_export_of_all_accounts_needs_the_right_everywhere(library: Database) -> None:
    staff = replace(ME, accounts={}, everywhere=frozenset({BookExport.capability}))
    id = await queued(library, an_export(staff))

    async with library.session(staff) as session:
        assert await session.get(BookExport, id) is not None
    async with library.session(ME) as session:
        assert await session.get(BookExport, id) is None


async def test_an_export_of_several_accounts_needs_the_right_in_all(library: Database) -> None:
    id = await queued(library, an_export(replace(a_reader(MINE, THEIRS), id=ME.id)))

    async with library.session(ME) as session:
        assert await session.get(BookExport, id) is None
