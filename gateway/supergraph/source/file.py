"""A supergraph in a file, watched by its status: notifications do not cross every mount."""

import asyncio
from pathlib import Path
from typing import Final

from gateway.errors import InvalidSupergraph
from gateway.supergraph.source.source import Pace, SupergraphUnavailable

#: Seconds for which a changed file must have been left alone before it is read. Also longer than
#: a tick of any clock that stamps files, so that no later write can leave the same stamp.
_SETTLED: Final = 0.05

_Stamp = tuple[int, int, int, int]


class FileSource:
    """A `Source`. A file that is replaced, or that a link leads elsewhere from, has changed."""

    def __init__(self, path: Path, *, interval: float, max_size: int) -> None:
        self.name = str(path)
        self.pace = Pace(interval, backs_off=False)
        self._path = path
        self._max_size = max_size
        self._seen: _Stamp | None = None
        self._looked = False

    async def read(self) -> str | None:
        """The text, unless it has not changed, or is being written: then the next look reads it."""
        try:
            stamp = await asyncio.to_thread(self._stamp)
            if stamp == self._seen:
                return None
            if self._looked:
                await asyncio.sleep(_SETTLED)
            content = await asyncio.to_thread(self._content, stamp)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SupergraphUnavailable(reason) from error
        finally:
            self._looked = True
        return self._text(content) if content is not None else None

    def _content(self, stamp: _Stamp) -> bytes | None:
        """The bytes, if the file still has this stamp after they were read."""
        with self._path.open("rb") as file:
            content = file.read(self._max_size + 1)
        if self._stamp() != stamp:
            return None
        self._seen = stamp
        return content

    def _text(self, content: bytes) -> str:
        if len(content) > self._max_size:
            raise InvalidSupergraph(f"The file has more than {self._max_size} bytes.")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidSupergraph(f"The file is not UTF-8: {error.reason}.") from error

    def _stamp(self) -> _Stamp:
        status = self._path.stat()
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
