"""The last good supergraph on disk, for a start while its source is away."""

import asyncio
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cache:
    """One file, always whole: it is written beside and moved."""

    path: Path

    async def read(self) -> str | None:
        """The supergraph; None when there is none that can be read."""
        try:
            return await asyncio.to_thread(self.path.read_text, encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            logger.warning("no cached supergraph", extra={"reason": str(error)})
            return None

    async def write(self, sdl: str) -> None:
        """Keep this one. A disk that does not take it costs the cache, not the gateway."""
        try:
            await asyncio.to_thread(self._replace, sdl)
        except OSError as error:
            logger.warning("supergraph not cached", extra={"reason": str(error)})

    def _replace(self, sdl: str) -> None:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.path.parent, prefix=self.path.name, delete=False
        ) as file:
            try:
                file.write(sdl)
                file.close()
                os.replace(file.name, self.path)
            except OSError:
                os.unlink(file.name)
                raise
