"""The way of mails about cases."""

from collections.abc import AsyncIterator

import pytest_asyncio

from kit.database import Database
from tests.support.corresponding import Post, a_post


@pytest_asyncio.fixture
async def post(cases: Database, valkey_url: str) -> AsyncIterator[Post]:
    """Nothing is on its way."""
    async with a_post(cases, valkey_url) as post:
        yield post
