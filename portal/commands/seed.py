"""`portal seed`: fill empty databases with as much demonstration data as wished."""

from portal.console import PortalConsole
from portal.preparation import prepared
from portal.seeding import Amounts
from portal.seeding import seed as load
from portal.settings import Settings


def seed(settings: Settings, console: PortalConsole, amounts: Amounts) -> None:
    """Raises `PortalError`, also when there are data already."""
    with console.steps() as steps, prepared(settings.on_free_ports(), steps) as topology:
        steps.begin(f"Making demonstration data for {amounts.accounts:,} accounts")
        load(topology, amounts, steps.report)
    console.note("The demonstration data are complete.")
