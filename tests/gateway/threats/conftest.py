"""One gateway for all threats, reached over each transport."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from gateway.persisted.rights import Registrants
from tests.support.asking import TRANSPORTS, Asking
from tests.support.company import COMPANY
from tests.support.guarded_gateway import Backend, a_backend, a_gateway

#: Everybody may register documents, as the anonymous among the tests do.
_TOLD: Final = {"registrants": Registrants.EVERYBODY}


@pytest_asyncio.fixture(scope="session")
async def backend() -> AsyncIterator[Backend]:
    """The company's subgraphs."""
    async with a_backend(COMPANY) as running:
        yield running


@pytest.fixture(scope="session")
def supergraph(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The company's supergraph, as a file."""
    path = tmp_path_factory.mktemp("company") / "supergraph.graphql"
    path.write_text(backend.supergraph)
    return str(path)


@pytest_asyncio.fixture(scope="session")
async def gateway(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """Where the company's gateway is."""
    async with a_gateway(backend, supergraph, valkey_url, **_TOLD) as origin:
        yield f"{origin}/graphql"


@pytest_asyncio.fixture(scope="session")
async def rejecting(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """Where one is that refuses what asks too much."""
    told = {**_TOLD, "authorization": "reject"}
    async with a_gateway(backend, supergraph, valkey_url, **told) as origin:
        yield f"{origin}/graphql"


@pytest_asyncio.fixture(scope="session")
async def session() -> AsyncIterator[ClientSession]:
    """Connections that clients keep."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture(params=TRANSPORTS)
def ask(
    request: pytest.FixtureRequest,
    session: ClientSession,
    gateway: str,
    rejecting: str,
    backend: Backend,
) -> Any:
    """Asks over each transport in turn."""
    return Asking(session, gateway, rejecting, backend, TRANSPORTS[request.param])
