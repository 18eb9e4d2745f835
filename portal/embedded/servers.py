"""The servers that the services need: embedded, or the operator's own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from portal.embedded.databases import drop_databases, ensure_databases
from portal.embedded.postgres import PostgresServer
from portal.embedded.server import EmbeddedServer
from portal.embedded.valkey import ValkeyServer
from portal.home import Home
from portal.settings import SERVICES, Settings


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses by service, and which servers are ours to look after."""

    database_urls: Mapping[str, str]
    redis_url: str
    embedded: Mapping[str, EmbeddedServer]
    #: Whether every database is in the embedded PostgreSQL.
    all_embedded: bool = False


@contextmanager
def running_servers(
    settings: Settings, home: Home, *, announce: Callable[[str], object], afresh: bool = False
) -> Iterator[Servers]:
    """Start what the settings do not name, and stop it at the end. Raises `PortalError`.

    `afresh` empties the embedded databases first.
    """
    embedded: dict[str, EmbeddedServer] = {}
    with ExitStack() as stack:
        databases = dict(settings.database_urls)
        missing = [name for name in SERVICES if name not in databases]
        if missing:
            announce("Starting PostgreSQL" if home.postgres.exists() else "Creating PostgreSQL")
            postgres = PostgresServer(
                home.postgres, port=settings.postgres_port, secrets=home.secrets
            )
            embedded["postgres"] = stack.enter_context(postgres)
            if afresh:
                drop_databases(postgres, missing)
            databases |= ensure_databases(postgres, missing)
        redis = settings.redis_url
        if redis is None:
            announce("Starting Valkey")
            valkey = ValkeyServer(home.valkey, port=settings.valkey_port, secrets=home.secrets)
            embedded["valkey"] = stack.enter_context(valkey)
            redis = valkey.url
        yield Servers(databases, redis, embedded, all_embedded=len(missing) == len(SERVICES))
