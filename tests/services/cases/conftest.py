"""A database of the cases service for each test module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kit.database import Database
from tests.support.cases import a_database
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def cases_url(databases: Databases) -> str:
    """The URL of an empty database with the tables of cases."""
    return databases.of("cases")


@pytest_asyncio.fixture(scope="module")
async def cases(cases_url: str) -> AsyncIterator[Database]:
    """The database behind it."""
    async with a_database(cases_url) as database:
        yield database
