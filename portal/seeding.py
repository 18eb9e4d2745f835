"""Filling empty databases with demonstration data, once."""

import asyncio
from dataclasses import dataclass

from portal.errors import PortalError
from portal.home import Home
from portal.progress import Report
from portal.topology import Topology


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much to make; what is not given follows from the number of accounts."""

    accounts: int
    keys: int | None = None
    cases: int | None = None
    invoices: int | None = None


def seed(topology: Topology, amounts: Amounts, progress: Report) -> None:
    """Load the demonstration data and remember that they are there. Raises `PortalError`."""
    # Imported late: making people and cases up takes libraries that nothing else needs.
    from portal.seed import Scale, load

    home = topology.home
    if home.seeded.exists():
        raise PortalError("The data are there already. Delete them first: `portal reset`.")
    home.seeding.touch()
    scale = Scale.of(amounts.accounts, amounts.keys, amounts.cases, amounts.invoices)
    urls = topology.servers.database_urls
    asyncio.run(load(urls, scale, progress, topology.service_environment))
    home.seeded.touch()


def is_seeded(home: Home) -> bool:
    """Whether the demonstration data are complete."""
    return home.seeded.exists()


def was_interrupted(home: Home) -> bool:
    """Whether the databases hold only a part of the data, which nobody has used yet."""
    return home.seeding.exists() and not home.seeded.exists()
