"""A server as a child process: started on a leash, waited for, stopped; orphans found and ended."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.embedded.account import Account
from portal.errors import PortalError
from portal.leash import leashed

#: Signals to send in turn, each with the seconds its effect is waited for.
Escalation = Sequence[tuple[signal.Signals, float]]

_POLL_SECONDS: Final = 0.01
_LOG_TAIL: Final = 12
_FULL_DISK: Final = "No space left on device"
#: Nothing of the caller's environment reaches a server: no locale, no library path, no secret.
ENVIRONMENT: Final[Mapping[str, str]] = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """One running server; `name` and `log` serve its error messages."""

    name: str
    log: Path
    child: subprocess.Popen[bytes]

    @classmethod
    def spawn(
        cls,
        name: str,
        command: Sequence[str],
        *,
        account: Account,
        folder: Path,
        log: Path,
        death: signal.Signals,
        configuration: str = "",
    ) -> "ServerProcess":
        """Start the command in `folder` as `account`, fed with `configuration` on its input."""
        line = leashed_as(account, command, death=death)
        if log.exists():
            log.replace(log.with_suffix(".previous"))
        with log.open("wb") as output:
            child = subprocess.Popen(
                line,
                cwd=folder,
                env=dict(ENVIRONMENT),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(configuration.encode())
        return cls(name, log, child)

    def wait_until(self, ready: Callable[[int], bool], *, seconds: float) -> None:
        """Wait until `ready(pid)`. Raises `PortalError` when the server ends or takes longer."""
        limit = time.monotonic() + seconds
        while not ready(self.child.pid):
            if self.child.poll() is not None:
                raise PortalError(self.explain("did not start"))
            if time.monotonic() > limit:
                raise PortalError(self.explain(f"was not ready within {seconds:.0f} s"))
            time.sleep(_POLL_SECONDS)

    def stop(self, escalation: Escalation) -> None:
        """End the server; the last signal given is its last chance."""
        for each, seconds in escalation:
            if self.child.poll() is not None:
                return
            self.child.send_signal(each)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(seconds)

    def explain(self, failure: str) -> str:
        """The failure in words: what the log ends with, or the reason when it is a known one."""
        return explain(self.name, failure, self.log.read_text(errors="replace"))


def leashed_as(account: Account, command: Sequence[str], *, death: signal.Signals) -> list[str]:
    """The command line that runs `command` as the account, on a leash of this process."""
    if account.is_ours:
        return leashed(command, death=death)
    return leashed(command, death=death, user=account.uid, group=account.gid)


def explain(name: str, failure: str, log: str) -> str:
    """Say why a server failed, from what it logged."""
    if _FULL_DISK in log:
        return f"{name} {failure}: the disk is full. Make room and start the portal again."
    tail = "\n".join(log.strip().splitlines()[-_LOG_TAIL:])
    return f"{name} {failure}. Its log ends with:\n{tail}"


def stop_orphan(pid: int, *, folder: Path, escalation: Escalation) -> bool:
    """End a server that a killed run left behind: process `pid`, if it really works in `folder`.

    Returns whether there was one. A process that merely inherited the number is left alone.
    """
    if not works_in(pid, folder):
        return False
    for each, seconds in escalation:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, each)
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not works_in(pid, folder):
                return True
            time.sleep(_POLL_SECONDS)
    raise PortalError(f"Process {pid} of an earlier run uses {folder} and cannot be stopped.")


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process lives and its current folder is this one."""
    current = _current_folder(pid)
    try:
        return current is not None and current.samefile(folder)
    except OSError:
        return False


def _current_folder(pid: int) -> Path | None:
    if sys.platform == "linux":
        return Path(f"/proc/{pid}/cwd")
    else:  # noqa: RET505 - mypy checks the other platform's half only inside a block
        asked = subprocess.run(
            ["lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn"],
            capture_output=True,
            text=True,
            check=False,
        )
        names = [line[1:] for line in asked.stdout.splitlines() if line.startswith("n")]
        return Path(names[0]) if names else None
