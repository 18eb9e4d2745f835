"""Row rules: whatever the statement, a caller sees the rows that the rules grant."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import Select, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.database import Base, Database, NoPrincipal, RuledSession, require_row_rules
from kit.ids import new_id
from tests.support.databases import Databases
from tests.support.library import Book, Shelf, a_library, a_reader

MINE, THEIRS = new_id(), new_id()


@pytest_asyncio.fixture(scope="module")
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with a_library(databases.empty()) as database:
        async with database.system() as session:
            for account in (MINE, THEIRS):
                shelf = Shelf(account_id=account)
                session.add(shelf)
                await session.flush()
                session.add_all(Book(shelf_id=shelf.id, title=f"{n}") for n in range(3))
        yield database


def _books_of_the_shelf() -> Select[Any]:
    return select(Book.id).where(Book.shelf_id == Shelf.id)


@pytest.mark.parametrize(
    ("count", "mine", "all"),
    [
        (lambda: select(func.count()).select_from(Book), 3, 6),
        (lambda: select(func.count(Book.id)), 3, 6),
        (lambda: select(func.count()).select_from(select(Book).subquery()), 3, 6),
        (lambda: select(func.count()).select_from(aliased(Book)), 3, 6),
        (lambda: select(func.count(Book.id)).join(Shelf, Shelf.id == Book.shelf_id), 3, 6),
        (
            lambda: select(func.count(Shelf.id)).where(exists().where(Book.shelf_id == Shelf.id)),
            1,
            2,
        ),
        (lambda: select(select(func.count(Book.id)).scalar_subquery()), 3, 6),
    ],
)
async def test_a_count_is_of_what_the_caller_sees(
    library: Database, count: Callable[[], Select[Any]], mine: int, all: int
) -> None:
    async with library.session(a_reader(MINE)) as session:
        assert await session.scalar(count()) == mine
    async with library.session(a_reader(MINE, THEIRS)) as session:
        assert await session.scalar(count()) == all
    async with library.session(a_reader()) as session:
        assert await session.scalar(count()) == 0


async def test_another_accounts_row_is_not_found_by_its_id(library: Database) -> None:
    async with library.system() as session:
        theirs = (await session.scalars(select(Shelf.id).where(Shelf.account_id == THEIRS))).one()

    async with library.session(a_reader(MINE)) as session:
        assert await session.get(Shelf, theirs) is None


async def test_another_accounts_rows_are_neither_updated_nor_deleted(library: Database) -> None:
    async with library.session(a_reader()) as session:
        updated = await session.execute(update(Book).values(title="!"))
        deleted = await session.execute(delete(Book))

    assert (updated.rowcount, deleted.rowcount) == (0, 0)  # type: ignore[attr-defined]


async def test_a_session_that_belongs_to_nobody_reads_nothing(library: Database) -> None:
    async with AsyncSession(library.engine, sync_session_class=RuledSession) as session:
        with pytest.raises(NoPrincipal):
            await session.scalars(select(Book))


async def test_an_error_in_the_block_writes_nothing(library: Database) -> None:
    shelf = Shelf(account_id=MINE)

    async def fail_after_writing() -> None:
        async with library.session(a_reader(MINE)) as session:
            session.add(shelf)
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_writing()

    async with library.system() as session:
        assert await session.get(Shelf, shelf.id) is None


def test_a_model_without_a_row_rule_does_not_start() -> None:
    class Unruled:
        visible_to = Base.visible_to

    with pytest.raises(NotImplementedError, match="Unruled"):
        require_row_rules([Unruled])


def test_many_accounts_are_one_parameter() -> None:
    reader = a_reader(*(UUID(int=n) for n in range(500)))

    assert str(Shelf.visible_to(reader)) == str(Shelf.visible_to(a_reader(MINE)))
