"""Cases and callers for the tests of the cases service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kit.database import Database


@asynccontextmanager
async def a_database(url: str) -> AsyncIterator[Database]:
    """A connection to one of its databases."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()
