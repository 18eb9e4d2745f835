"""A database of identity's for each test module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kit.database import Database
from tests.support.databases import Databases
from tests.support.identity import an_identity


@pytest.fixture(scope="module")
def identity_url(databases: Databases) -> str:
    """The URL of an empty database with identity's tables."""
    return databases.of("identity")


@pytest_asyncio.fixture(scope="module")
async def identity(identity_url: str) -> AsyncIterator[Database]:
    """The database behind it."""
    async with an_identity(identity_url) as database:
        yield database
