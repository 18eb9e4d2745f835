"""`portal reset`: stop, and delete the data."""

import sys

from portal.commands.down import down
from portal.console import PortalConsole
from portal.errors import PortalError
from portal.folder_lock import FolderLock
from portal.home import home_at
from portal.settings import Settings


def reset(settings: Settings, console: PortalConsole, *, confirmed: bool) -> None:
    """Delete everything in the home that the portal made. Raises `PortalError`."""
    home = home_at(settings.home)
    if not home.folder.exists():
        console.note("There are no data.")
        return
    if not confirmed and sys.stdin.isatty():
        answer = console.console.input(f"Delete all data in {home.folder}? [y/N] ")
        if answer.strip().lower() not in {"y", "yes"}:
            raise PortalError("Nothing was deleted.")
    down(settings, console)
    lock = FolderLock.take(home.lock, purpose="The portal")
    try:
        home.delete()
    finally:
        lock.release()
    console.note(f"The data in {home.folder} are deleted.")
