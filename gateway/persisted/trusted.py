"""Documents that the operator trusts: those in the manifests, read again when these change."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gateway.errors import InvalidManifest
from gateway.persisted.manifests import read_manifests

logger = logging.getLogger(__name__)

_EVERY: Final = 1.0

_Stamp = tuple[tuple[int, int, int, int] | None, ...]


class TrustedDocuments:
    """What cannot be read changes nothing: the documents of the last good manifests stay."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._seen: _Stamp | None = None
        self._by_id: Mapping[str, str] = {}
        self._texts: frozenset[str] = frozenset()

    def find(self, id: str) -> str | None:
        """The document of this id."""
        return self._by_id.get(id)

    def __contains__(self, text: str) -> bool:
        """Whether this very text is trusted, under whichever id."""
        return text in self._texts

    def load(self) -> None:
        """Read the manifests as they are now. Raises `InvalidManifest`."""
        self._seen = self._stamp()
        self._by_id = read_manifests(self._paths)
        self._texts = frozenset(self._by_id.values())

    async def follow(self) -> None:
        """Read them again whenever they change, for as long as the process lives."""
        while self._paths:
            await asyncio.sleep(_EVERY)
            await self.look()

    async def look(self) -> None:
        """Read them again if they have changed."""
        if await asyncio.to_thread(self._stamp) == self._seen:
            return
        try:
            await asyncio.to_thread(self.load)
        except InvalidManifest as error:
            logger.error("trusted documents refused", extra={"reason": str(error)})
        else:
            logger.info("trusted documents changed", extra={"documents": len(self._by_id)})

    def _stamp(self) -> _Stamp:
        return tuple(_stamp_of(path) for path in self._paths)


def _stamp_of(path: Path) -> tuple[int, int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
