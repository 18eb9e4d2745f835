"""`portal migrate`: bring the databases up to date, and no more."""

from portal.console import PortalConsole
from portal.preparation import prepared
from portal.settings import Settings


def migrate(settings: Settings, console: PortalConsole) -> None:
    """Raises `PortalError`; also while a portal runs, which has migrated them itself."""
    with console.steps() as steps, prepared(settings.on_free_ports(), steps):
        pass
    console.note("The databases are up to date.")
