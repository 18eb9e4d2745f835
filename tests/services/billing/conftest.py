"""A database of billing's for each test module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kit.database import Database
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def billing_url(databases: Databases) -> str:
    """The URL of an empty database with billing's tables."""
    return databases.of("billing")


@pytest_asyncio.fixture(scope="module")
async def billing(billing_url: str) -> AsyncIterator[Database]:
    """The database behind it."""
    database = Database(billing_url)
    try:
        yield database
    finally:
        await database.close()
