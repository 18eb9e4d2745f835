"""Runs a command that cannot outlive the process that started it.

    python -I -S leash.py [--user UID --group GID] --parent PID --signal NUMBER -- COMMAND …

The kernel sends the signal when the parent dies, even by SIGKILL; the process then becomes the
command, under the same pid. Needs nothing but the standard library, so that it starts in
milliseconds. Where the kernel has no such signal, a watcher process asks twice a second instead.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
#: Loaded while we are who we are: the next user may not be able to read it.
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_WATCH_SECONDS: Final = 0.5


def leashed(
    command: Sequence[str],
    *,
    death: signal.Signals = signal.SIGTERM,
    user: int = -1,
    group: int = -1,
) -> list[str]:
    """The command line that runs `command` on a leash of this process.

    The leash is bound to the calling thread: start children from one that lives as long as they.
    """
    owner = [] if user < 0 else ["--user", str(user), "--group", str(group)]
    leash = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *owner]
    return [*leash, "--parent", str(os.getpid()), "--signal", str(int(death)), "--", *command]


def main() -> None:
    """Drop privileges, tie the knot, become the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", type=int, default=-1)
    parser.add_argument("--group", type=int, default=-1)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if options.user >= 0:
        os.setgroups([])
        os.setgid(options.group)
        os.setuid(options.user)
    # After the change of user, which would clear it.
    tie(options.parent, options.signal)
    os.execv(options.command[0], options.command)


def tie(parent: int, death: int) -> None:
    """Have this process signalled when the parent dies, and leave if that has happened already."""
    if sys.platform == "linux":
        if _LIBC.prctl(_PR_SET_PDEATHSIG, death, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    else:
        watch(parent, os.getpid(), death)
    if os.getppid() != parent:
        os._exit(1)


def watch(parent: int, child: int, death: int) -> int:
    """Fork a process that signals `child` once `parent` is gone, and leaves when `child` does.

    Returns its pid.
    """
    watcher = os.fork()
    if watcher:
        return watcher
    os.setsid()
    while _alive(child):
        if not _alive(parent):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, death)
            break
        time.sleep(_WATCH_SECONDS)
    os._exit(0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main()
