"""Loads the world into the four databases."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from portal.progress import Report
from portal.seed import billing, cases, identity, licensing
from portal.seed.copying import Copier
from portal.seed.scale import Scale
from portal.seed.world import World, make_world

Load = Callable[[Copier, World, Scale], Awaitable[None]]

_LOADERS: Final[Mapping[str, Load]] = {
    "identity": identity.load,
    "licensing": licensing.load,
    "cases": cases.load,
    "billing": billing.load,
}


async def load(
    urls: Mapping[str, str],
    scale: Scale,
    progress: Report,
    environment_of: Callable[[str], Mapping[str, str]],
) -> None:
    """Fill empty databases, each in one transaction. `urls` are `postgresql://…` by service."""
    world = make_world(scale.accounts, datetime.now(UTC))
    for service, load_service in _LOADERS.items():
        copier = await Copier.open(urls[service], service, progress, environment_of(service))
        try:
            async with copier.connection.transaction():
                await load_service(copier, world, scale)
            await copier.connection.execute("ANALYZE")
        finally:
            await copier.connection.close()
