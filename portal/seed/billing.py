"""The demonstration data of billing."""

from portal.seed.copying import Copier
from portal.seed.scale import Scale
from portal.seed.world import World


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Fill the empty database."""
