"""Servers for the whole run: one PostgreSQL and one Valkey, real ones, gone afterwards."""

from collections.abc import Iterator

import pytest

from portal.embedded.postgres import PostgresServer
from tests.support.databases import Databases
from tests.support.servers import running_postgres, running_valkey


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """An empty PostgreSQL."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres_server: PostgresServer) -> Databases:
    """Fresh databases: `databases.of("cases")`, or `databases.empty()`."""
    return Databases(postgres_server, _migrate)


def _migrate(service: str, url: str) -> None:
    from kit.migrations import upgrade

    upgrade(service, url)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """An empty Valkey's URL."""
    with running_valkey() as server:
        yield server.url
