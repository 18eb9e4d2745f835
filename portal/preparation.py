"""From nothing to databases that are up to date, told step by step."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.console import Steps
from portal.embedded.servers import running_servers
from portal.errors import PortalError
from portal.folder_lock import FolderLock
from portal.home import Home, home_at
from portal.migration import migrate
from portal.seeding import was_interrupted
from portal.settings import SERVICES, Settings
from portal.topology import Topology, choose_ports


@contextmanager
def locked_home(settings: Settings) -> Iterator[Home]:
    """The home, ours alone until the end of the block. Raises `PortalError`."""
    home = home_at(settings.home)
    home.prepare()
    lock = FolderLock.take(home.lock, purpose="The portal")
    try:
        yield home
    finally:
        lock.release()


@contextmanager
def prepared(settings: Settings, steps: Steps) -> Iterator[Topology]:
    """Servers that run, databases that are up to date. Raises `PortalError`."""
    with locked_home(settings) as home:
        # First of all: a port that is taken is known at once, not after everything else.
        ports = choose_ports(settings)
        afresh = was_interrupted(home)
        if afresh and settings.database_urls:
            raise PortalError(
                "Making demonstration data was interrupted and your databases hold a part of "
                f"them. Empty the databases, and delete {home.seeding}."
            )
        if afresh:
            home.migrations.forget()
        with running_servers(settings, home, announce=steps.begin, afresh=afresh) as servers:
            topology = Topology(settings, home, servers, ports)
            _migrate(topology, steps)
            steps.finish()
            yield topology


def _migrate(topology: Topology, steps: Steps) -> None:
    record = topology.home.migrations
    pending = record.pending(SERVICES) if topology.servers.all_embedded else SERVICES
    if pending:
        steps.begin(f"Bringing databases up to date: {', '.join(pending)}")
        migrate({name: topology.service_environment(name) for name in pending})
    if topology.servers.all_embedded:
        record.note(pending)
