"""A database of licensing's for each test module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kit.database import Database
from tests.support.databases import Databases
from tests.support.licensing import a_licensing


@pytest.fixture(scope="module")
def licensing_url(databases: Databases) -> str:
    """The URL of an empty database with licensing's tables."""
    return databases.of("licensing")


@pytest_asyncio.fixture(scope="module")
async def licensing(licensing_url: str) -> AsyncIterator[Database]:
    """The database behind it."""
    async with a_licensing(licensing_url) as database:
        yield database
