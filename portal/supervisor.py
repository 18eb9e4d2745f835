"""Keeps the portal's processes running until it is told to stop, and then leaves none behind."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from portal.child import Backoff, Child, ChildSpec, WriteLine
from portal.embedded.server import EmbeddedServer
from portal.errors import PortalError
from portal.readiness import is_ready

#: What ends a portal in an orderly way: Ctrl-C, `down` and service managers, a closed terminal.
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_WATCH_SECONDS: Final = 0.5
_READY_POLL_SECONDS: Final = 0.1
_ANSWER_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
#: A process that ends this often before it was ever ready will not get better by itself.
_MOST_FALSE_STARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for a process to become ready, to end when asked; and pauses between restarts."""

    ready: float = 60.0
    stop: float = 10.0
    backoff: Backoff = field(default_factory=Backoff)


async def supervise(
    tiers: Sequence[Sequence[ChildSpec]],
    *,
    write: WriteLine,
    limits: Limits,
    on_ready: Callable[[str], None],
    on_all_ready: Callable[[], None],
    servers: Mapping[str, EmbeddedServer] | None = None,
) -> None:
    """Run every spec, and look after the servers, until one of `STOP_SIGNALS` arrives.

    `on_ready` is told each name as it becomes ready. Raises `PortalError` when one does not.
    All start at once; they end tier by tier, the last first: what asks before what answers.
    """
    children = [[Child(spec, write, limits.backoff) for spec in tier] for tier in tiers]
    everyone = [child for tier in children for child in tier]
    failures: list[PortalError] = []

    async def prepare() -> None:
        try:
            await _all_ready(everyone, limits.ready, on_ready)
            on_all_ready()
        except* PortalError as group:
            failures.extend(each for each in group.exceptions if isinstance(each, PortalError))
            stop.set()

    async with _stop_signal() as stop, asyncio.TaskGroup() as group:
        for child in everyone:
            group.create_task(child.run())
        attending = [
            group.create_task(prepare()),
            group.create_task(_watch(servers or {}, write, limits.backoff)),
        ]
        await stop.wait()
        for task in attending:
            task.cancel()
        for tier in reversed(children):
            await _stop_all(tier, limits.stop)
    if failures:
        raise failures[0]


async def _all_ready(
    children: Sequence[Child], seconds: float, on_ready: Callable[[str], None]
) -> None:
    async with (
        aiohttp.ClientSession(timeout=_ANSWER_TIMEOUT) as client,
        asyncio.TaskGroup() as group,
    ):
        for child in children:
            group.create_task(_one_ready(child, client, seconds, on_ready))


async def _one_ready(
    child: Child, client: aiohttp.ClientSession, seconds: float, on_ready: Callable[[str], None]
) -> None:
    spec = child.spec
    try:
        async with asyncio.timeout(seconds):
            # Another process sets no event of ours: it has to be asked.
            while spec.ready is not None and not await is_ready(client, spec.ready):
                if child.crashes >= _MOST_FALSE_STARTS:
                    raise PortalError(f"{spec.name} does not start; it says why above.")
                await asyncio.sleep(_READY_POLL_SECONDS)
    except TimeoutError as error:
        raise PortalError(f"{spec.name} was not ready within {seconds:g} s.") from error
    on_ready(spec.name)


async def _stop_all(children: Sequence[Child], seconds: float) -> None:
    async with asyncio.TaskGroup() as group:
        for child in children:
            group.create_task(child.stop(seconds=seconds))


async def _watch(servers: Mapping[str, EmbeddedServer], write: WriteLine, pauses: Backoff) -> None:
    """Start an embedded server again when it has ended by itself.

    On the event loop's own thread, which must outlive the server: see `portal.leash`.
    """
    failures = 0
    while True:
        for name, server in servers.items():
            if server.crashed:
                write(name, "has ended by itself; starting again")
                try:
                    server.restart()
                    write(name, "runs again")
                    failures = 0
                except PortalError as error:
                    failures += 1
                    write(name, str(error))
        await asyncio.sleep(pauses.delay(failures) if failures else _WATCH_SECONDS)


@asynccontextmanager
async def _stop_signal() -> AsyncIterator[asyncio.Event]:
    """An event that is set by the first of `STOP_SIGNALS`."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in STOP_SIGNALS:
        loop.add_signal_handler(each, stop.set)
    try:
        yield stop
    finally:
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
