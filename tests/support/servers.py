"""Real servers for tests: started in a temporary folder, gone at the end of the block."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.postgres import PostgresServer
from portal.embedded.valkey import ValkeyServer


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """An empty PostgreSQL; databases are made through `superuser_url` or `ensure_databases`."""
    with (
        tempfile.TemporaryDirectory(prefix="postgres-") as folder,
        PostgresServer(Path(folder) / "postgres", durable=False) as server,
    ):
        yield server


@contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    """An empty Valkey that keeps nothing."""
    with (
        tempfile.TemporaryDirectory(prefix="valkey-") as folder,
        ValkeyServer(Path(folder) / "valkey", durable=False) as server,
    ):
        yield server
