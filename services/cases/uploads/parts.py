"""A stream of bytes as parts of a bounded size, the last one however short."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import ClientDisconnect

#: Bytes of one part: what one upload holds in memory, and what a killed process loses at most.
PART: Final = 1024 * 1024


class TooManyBytes(Exception):
    """More bytes come than were announced."""


@dataclass(slots=True)
class Parts:
    """The bytes of one request; at most `left` of them, else `TooManyBytes` after the last part.

    A client that goes away in the middle ends the stream: what came is given out, and `is_cut`.
    """

    stream: AsyncIterator[bytes]
    left: int
    is_cut: bool = False
    _chunks: list[bytes] = field(default_factory=list)
    _size: int = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self.stream:
                if len(chunk) > self.left:
                    raise TooManyBytes
                self.left -= len(chunk)
                self._chunks.append(chunk)
                self._size += len(chunk)
                if self._size >= PART:
                    yield self._joined()
        except ClientDisconnect:
            self.is_cut = True
        if self._size:
            yield self._joined()

    def _joined(self) -> bytes:
        joined = b"".join(self._chunks)
        self._chunks.clear()
        self._size = 0
        return joined
