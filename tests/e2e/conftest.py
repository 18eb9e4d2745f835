"""One portal for all end-to-end tests: starting it makes the demonstration data."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from tests.support.running_portal import Client, RunningPortal, running_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """The whole portal."""
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest_asyncio.fixture
async def client(portal: RunningPortal) -> AsyncIterator[Client]:
    """Somebody who has not signed in."""
    async with ClientSession() as session:
        yield portal.client(session)
