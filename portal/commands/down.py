"""`portal down`: stop what `portal up` started from the same folder."""

import contextlib
import os
import signal
import time
from typing import Final

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.folder_lock import lock_holder
from portal.home import home_at
from portal.settings import Settings

#: Seconds. The longest orderly stop of all processes and servers is shorter than the first.
_ESCALATION: Final = ((signal.SIGTERM, 60.0), (signal.SIGKILL, 10.0))
_POLL_SECONDS: Final = 0.05


def down(settings: Settings, console: PortalConsole) -> None:
    """Ask the running portal to stop, and wait until it has. Raises `PortalError`."""
    lock = home_at(settings.home).lock
    pid = lock_holder(lock)
    if pid is None:
        console.note("The portal does not run.")
        return
    for number, seconds in _ESCALATION:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if lock_holder(lock) != pid:
                console.note("The portal has stopped.")
                return
            time.sleep(_POLL_SECONDS)
    raise PortalError(f"Process {pid} does not end.")
