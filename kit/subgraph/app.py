"""`create_app`: a service's Starlette application, the same in each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from kit import telemetry
from kit.database import Database
from kit.settings import ServiceSettings
from kit.signing import Verifier
from kit.subgraph import health
from kit.subgraph.endpoint import Endpoint, MakeContext
from kit.subgraph.schema import Subgraph
from kit.subgraph.signed import Gate

#: Work that goes on for as long as the process lives: a relay, a consumer, an export runner.
Background = Callable[[], Awaitable[None]]


def create_app(
    name: str,
    schema: Subgraph,
    settings: ServiceSettings,
    *,
    database: Database,
    make_context: MakeContext,
    background: Sequence[Background] = (),
    checks: Mapping[str, health.Check] | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The service called `name`: `/graphql`, health, metrics and its own `routes`."""
    telemetry.configure(name, settings.log_level)
    gate = Gate(Verifier(settings.keyring, audience=name), settings.max_body)
    endpoint = Endpoint(schema, gate=gate, make_context=make_context)
    return Starlette(
        routes=[
            Route("/graphql", endpoint),
            *health.routes({"database": database.check, **(checks or {})}),
            *routes,
        ],
        lifespan=_lifespan(database, background),
    )


def _lifespan(
    database: Database, background: Sequence[Background]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_run(work)) for work in background]
            yield
            for task in tasks:
                task.cancel()
        await database.close()

    return lifespan


async def _run(work: Background) -> None:
    await work()
