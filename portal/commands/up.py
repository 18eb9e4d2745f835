"""`portal up`: everything on this machine, until Ctrl-C."""

import asyncio

from portal.banner import print_banner
from portal.console import PortalConsole, Steps
from portal.preparation import prepared
from portal.seeding import Amounts, is_seeded, seed
from portal.settings import Settings
from portal.supervisor import Limits, supervise
from portal.topology import Topology


def up(settings: Settings, console: PortalConsole) -> None:
    """Prepare, start, announce, look after; stop on a signal. Raises `PortalError`."""
    with console.steps() as steps, prepared(settings, steps) as topology:
        if not is_seeded(topology.home):
            steps.begin("Making demonstration data (once)")
            seed(topology, Amounts(settings.accounts), steps.report)
        steps.begin("Starting the processes")
        _serve(topology, steps, console)
    console.note("Stopped.")


def _serve(topology: Topology, steps: Steps, console: PortalConsole) -> None:
    def on_all_ready() -> None:
        steps.end()
        print_banner(console.console, topology)

    settings = topology.settings
    asyncio.run(
        supervise(
            topology.tiers,
            write=console.line,
            limits=Limits(ready=settings.ready_timeout, stop=settings.stop_timeout),
            on_ready=steps.tick,
            on_all_ready=on_all_ready,
            servers=topology.servers.embedded,
        )
    )
