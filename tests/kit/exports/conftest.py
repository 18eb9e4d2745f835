"""The library with some books, and a runner of its exports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from kit.database import Database
from kit.exports.queue import Queue
from kit.exports.runner import ExportRunner
from kit.messages import Catalogues
from kit.objects import Objects
from tests.support.announcements import an_announcing_library
from tests.support.databases import Databases
from tests.support.exports import MINE, REPORT, THEIRS, BookExport, BookExportEnded, Clock
from tests.support.library import Book, Shelf


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with an_announcing_library(databases.empty()) as database:
        async with database.system() as session:
            for account, titles in ((MINE, ["Alpha", "Beta"]), (THEIRS, ["Secret"])):
                shelf = Shelf(account_id=account)
                session.add(shelf)
                await session.flush()
                session.add_all(Book(shelf_id=shelf.id, title=title, pages=7) for title in titles)
        yield database


@pytest.fixture
def runner(library: Database, tmp_path: Path, clock: Clock) -> ExportRunner[BookExport]:
    queue = Queue(library, BookExport, BookExportEnded.of, clock)
    return ExportRunner(queue, REPORT, Objects.open(tmp_path.as_uri()), Catalogues())
