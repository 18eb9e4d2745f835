"""Keyset pages, compared with the same lists sorted in Python."""

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.errors import InvalidCursor, InvalidPageSize
from kit.ids import new_id
from kit.pagination import Cursors, Keyset, OrderBy, Page, PageRequest, Paginator
from tests.support.databases import Databases
from tests.support.library import Book, Shelf, a_library, a_reader

ACCOUNT = new_id()
PAGES = [3, None, 1, 3, None, 2, 3, 1, None, 5]
PAGINATOR = Paginator(Cursors(b"a secret of the test"))


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with a_library(databases.empty()) as database:
        async with database.system() as session:
            for _ in range(3):
                shelf = Shelf(account_id=ACCOUNT)
                session.add(shelf)
                await session.flush()
                session.add_all(
                    Book(shelf_id=shelf.id, title=f"{n % 3}", pages=pages)
                    for n, pages in enumerate(PAGES)
                )
        yield database


def by_pages(descending: bool) -> Keyset:
    return Keyset((OrderBy(Book.pages, descending, nullable=True), OrderBy(Book.id, descending)))


def by_title(descending: bool) -> Keyset:
    return Keyset((OrderBy(Book.title, descending), OrderBy(Book.id, descending)))


def by_title_then_newest() -> Keyset:
    return Keyset((OrderBy(Book.title), OrderBy(Book.id, descending=True)))


async def walk(session: AsyncSession, keyset: Keyset, first: int) -> list[Book]:
    found: list[Book] = []
    after: str | None = None
    while True:
        request = PageRequest("books", first, after)
        page: Page[Book] = await PAGINATOR.page(session, select(Book), keyset, request)
        found.extend(page.nodes)
        assert page.has_previous == (after is not None)
        if not page.has_next:
            return found
        after = page.cursors[-1]


async def everything(session: AsyncSession) -> Sequence[Book]:
    return (await session.scalars(select(Book))).all()


@pytest.mark.parametrize("first", [1, 2, 7, 30, 100])
@pytest.mark.parametrize("descending", [False, True])
async def test_a_walk_over_empty_and_equal_values_is_the_sorted_list(
    library: Database, first: int, descending: bool
) -> None:
    async with library.session(a_reader(ACCOUNT)) as session:
        books = await everything(session)

        walked = await walk(session, by_pages(descending), first)

    filled = [book for book in books if book.pages is not None]
    empty = [book for book in books if book.pages is None]
    assert walked == [
        *sorted(filled, key=lambda book: (book.pages or 0, book.id), reverse=descending),
        *sorted(empty, key=lambda book: book.id, reverse=descending),
    ]


@pytest.mark.parametrize("descending", [False, True])
async def test_a_walk_in_one_direction_is_the_sorted_list(
    library: Database, descending: bool
) -> None:
    async with library.session(a_reader(ACCOUNT)) as session:
        books = await everything(session)

        walked = await walk(session, by_title(descending), 4)

    assert walked == sorted(books, key=lambda book: (book.title, book.id), reverse=descending)


async def test_a_walk_in_two_directions_is_the_sorted_list(library: Database) -> None:
    async with library.session(a_reader(ACCOUNT)) as session:
        books = await everything(session)

        walked = await walk(session, by_title_then_newest(), 4)

    newest_first = sorted(books, key=lambda book: book.id, reverse=True)
    assert walked == sorted(newest_first, key=lambda book: book.title)


async def test_rows_that_stay_are_neither_missed_nor_doubled_by_rows_that_come(
    library: Database,
) -> None:
    async with library.session(a_reader(ACCOUNT)) as session:
        before = {book.id for book in await everything(session)}
        shelf = (await session.scalars(select(Shelf))).first()
        assert shelf is not None
        seen: list[UUID] = []
        page: Page[Book] = Page(has_next=True)
        while page.has_next:
            request = PageRequest("books", 5, page.cursors[-1] if page.cursors else None)
            page = await PAGINATOR.page(session, select(Book), by_title(False), request)
            seen.extend(book.id for book in page.nodes)
            session.add(Book(shelf_id=shelf.id, title="1"))
            await session.flush()

    assert len(seen) == len(set(seen))
    assert before <= set(seen)


async def test_many_parents_pages_are_each_parents_page_in_one_statement(
    library: Database,
) -> None:
    statements: list[str] = []
    event.listen(
        library.engine.sync_engine,
        "before_cursor_execute",
        lambda *args: statements.append(args[2]),
    )
    async with library.session(a_reader(ACCOUNT)) as session:
        shelves = (await session.scalars(select(Shelf.id))).all()
        request = PageRequest("books of a shelf", 4)
        alone = {
            shelf: await PAGINATOR.page(
                session, select(Book).where(Book.shelf_id == shelf), by_pages(True), request
            )
            for shelf in shelves
        }
        statements.clear()

        together = await PAGINATOR.pages_by(
            Book.shelf_id, [*shelves, new_id()], session, select(Book), by_pages(True), request
        )

    assert len(statements) == 1
    assert {shelf: together[shelf] for shelf in shelves} == alone
    assert [len(page.nodes) for page in together.values()] == [4, 4, 4, 0]


async def test_another_accounts_rows_are_in_no_page(library: Database) -> None:
    async with library.session(a_reader(new_id())) as session:
        request = PageRequest("books", 10)

        page: Page[Book] = await PAGINATOR.page(session, select(Book), by_title(False), request)

    assert page == Page()


async def test_a_page_of_nothing_knows_whether_there_is_more(library: Database) -> None:
    async with library.session(a_reader(ACCOUNT)) as session:
        page: Page[Book] = await PAGINATOR.page(
            session, select(Book), by_title(False), PageRequest("books", 0)
        )

    assert (page.nodes, page.has_next) == ((), True)


@pytest.mark.parametrize("first", [-1, 101])
def test_a_page_size_out_of_bounds_is_refused_with_a_code(first: int) -> None:
    with pytest.raises(InvalidPageSize) as refusal:
        PageRequest("books", first)

    assert refusal.value.extensions == {"code": "BAD_USER_INPUT"}


def test_a_cursor_is_good_for_its_own_list_only() -> None:
    cursors = PAGINATOR.cursors
    cursor = cursors.encode("books of one caller", ["1", new_id()])

    with pytest.raises(InvalidCursor):
        cursors.decode("books of another caller", cursor, by_title(False))
    with pytest.raises(InvalidCursor):
        Cursors(b"another secret").decode("books of one caller", cursor, by_title(False))


def test_no_character_of_a_cursor_may_change() -> None:
    cursor = PAGINATOR.cursors.encode("books", ["1", new_id()])

    for place, (character, following) in enumerate(pairwise(cursor)):
        swapped = cursor[:place] + following + character + cursor[place + 2 :]
        if swapped.rstrip("=") != cursor.rstrip("="):
            with pytest.raises(InvalidCursor):
                PAGINATOR.cursors.decode("books", swapped, by_title(False))


@pytest.mark.parametrize("cursor", ["", "x", "é", "bm90IGEgY3Vyc29y", "=" * 1000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        PAGINATOR.cursors.decode("books", cursor, by_title(False))
