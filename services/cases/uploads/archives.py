"""Archives that nobody can look into: encrypted ones are neither clean nor harmful."""

import io
import zipfile
from typing import Final

from kit.objects import Objects

_ENCRYPTED: Final = 0x1
#: The list of what is in a ZIP file is at its end; one that is longer is not read.
_LONGEST_LIST: Final = 4 * 1024 * 1024


async def is_closed(objects: Objects, key: str, beginning: bytes) -> bool:
    """Whether it is a ZIP file of which something is encrypted, or whose list cannot be read."""
    if not beginning.startswith(b"PK\x03\x04"):
        return False
    size = (await objects.head(key)).size
    start = max(0, size - _LONGEST_LIST)
    tail = b"".join([chunk async for chunk in (await objects.get(key, start=start)).chunks])
    try:
        with zipfile.ZipFile(_Tail(tail, size)) as archive:
            return any(entry.flag_bits & _ENCRYPTED for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True


class _Tail(io.RawIOBase):
    """The end of a file that is not here whole."""

    def __init__(self, tail: bytes, size: int) -> None:
        self._tail, self._size, self._at = tail, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("There is nothing before the beginning.")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        start = self._at - (self._size - len(self._tail))
        if start < 0:
            raise OSError("This part is not here.")
        found = self._tail[start:] if size < 0 else self._tail[start : start + size]
        self._at += len(found)
        return found
