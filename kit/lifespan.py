"""What a process does beside answering requests, for as long as it lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette

#: Work that goes on for as long as the process lives: a relay, a consumer, an export runner.
Background = Callable[[], Awaitable[None]]


def lifespan(
    background: Sequence[Background], close: Callable[[], Awaitable[None]]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Runs the background work while the application is up, then calls `close`."""

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_run(work)) for work in background]
            yield
            for task in tasks:
                task.cancel()
        await close()

    return living


async def _run(work: Background) -> None:
    await work()
