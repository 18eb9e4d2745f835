"""One process under supervision: started on a leash, its lines passed on, started again when it
ends unasked, asked to end and then made to.
"""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portal.leash import leashed

#: Called with the child's name and one line of its output.
WriteLine = Callable[[str, str], None]

#: Beyond any useful limit, and far from what a float cannot hold.
_MOST_DOUBLINGS: Final = 32
_CHUNK: Final = 64 * 1024
#: Seconds a killed process is waited for: only the kernel can hold it up.
_KILL_SECONDS: Final = 5.0
#: Seconds to read what an ended process wrote last.
_DRAIN_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to run. `ready` is an address that answers once it serves: http:// (200) or tcp://."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: str | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds before a process is started again: doubled each time, from `first` to `most`.

    A process that lived for `healthy` seconds starts afresh.
    """

    first: float = 0.5
    most: float = 30.0
    healthy: float = 60.0

    def delay(self, crashes: int) -> float:
        """The pause after so many crashes in a row."""
        doublings = min(crashes - 1, _MOST_DOUBLINGS)
        return min(self.most, self.first * 2.0**doublings)


@dataclass(slots=True)
class Child:
    """A running spec. `crashes` counts those in a row."""

    spec: ChildSpec
    write: WriteLine
    backoff: Backoff = field(default_factory=Backoff)
    crashes: int = 0
    process: Process | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Keep the process running until `stop` is called."""
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                code = await self._run_once()
            except OSError as error:  # no process could be made
                code = f"{error.strerror}"
            if self._stopping.is_set():
                return
            lived = time.monotonic() - started
            self.crashes = 1 if lived >= self.backoff.healthy else self.crashes + 1
            pause = self.backoff.delay(self.crashes)
            self.write(self.spec.name, f"ended with {code}; starting again in {pause:g} s")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()

    async def stop(self, *, seconds: float) -> None:
        """End the process and whatever it started: by SIGTERM, after `seconds` by SIGKILL."""
        self._stopping.set()
        if self.process is None:
            return
        if not await self._ends(signal.SIGTERM, seconds):
            self.write(self.spec.name, f"did not end within {seconds:g} s; killed")
            await self._ends(signal.SIGKILL, _KILL_SECONDS)

    async def _run_once(self) -> str:
        # Killed with us: a process without its supervisor must not go on serving.
        self.process = process = await asyncio.create_subprocess_exec(
            *leashed(self.spec.command, death=signal.SIGKILL),
            cwd=self.spec.folder,
            env=dict(self.spec.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )
        try:
            if self._stopping.is_set():
                process.terminate()
            async with asyncio.TaskGroup() as group:
                passing = group.create_task(self._pass_on(process))
                code = await process.wait()
                # Whatever it started must neither hold its ports nor its output open.
                _signal_group(process.pid, signal.SIGKILL)
                await asyncio.wait((passing,), timeout=_DRAIN_SECONDS)
                passing.cancel()
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            self.process = None
        return f"signal {-code}" if code < 0 else f"status {code}"

    async def _ends(self, by: signal.Signals, seconds: float) -> bool:
        process = self.process
        if process is None:
            return True
        _signal_group(process.pid, by)
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            return False
        return True

    async def _pass_on(self, process: Process) -> None:
        assert process.stdout is not None
        rest = b""
        while chunk := await process.stdout.read(_CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > _CHUNK:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self.write(self.spec.name, line.decode(errors="replace"))
        if rest:
            self.write(self.spec.name, rest.decode(errors="replace"))


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the process and its descendants: each child leads a group of its own."""
    # Some systems refuse what others find missing: a group of which only a corpse is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
