"""The demonstration data of cases."""

from portal.seed.copying import Copier
from portal.seed.scale import Scale
from portal.seed.world import World


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Fill the empty database."""
