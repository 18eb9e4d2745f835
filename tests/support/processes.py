"""Processes that a test did not start itself: whether they live, and waiting for their end."""

import os
import select
from contextlib import closing, suppress
from pathlib import Path


def wait_for_end(pid: int, *, seconds: float = 20) -> bool:
    """Whether the process ended in time. Blocks on the kernel, which tells at once."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with closing(os.fdopen(descriptor)):
        ready, _, _ = select.select([descriptor], [], [], seconds)
        return bool(ready)


def end(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def command_line(pid: int) -> str:
    """What everyone on the machine can read about the process."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def owner(pid: int) -> int:
    """The user the process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid
