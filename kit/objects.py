"""The object store: bytes under a key, in a folder (`file:///…`) or a bucket (`s3://…`).

A bucket's credentials, region and endpoint come from the standard `AWS_…` variables. Content is
streamed both ways, and an object appears whole or not at all.
"""

import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

#: Keys are made by services, never from what people type: plain segments, none of them hidden.
_KEY: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_LONGEST_KEY: Final = 512
_CHUNK: Final = 1024 * 1024
#: Parts of a stream that are written at the same time: each is held in memory.
_AT_ONCE: Final = 2
_CONTENT_TYPE: Final = "Content-Type"
#: Where a store without attributes keeps them; no key can begin like this.
_SIDECARS: Final = ".attributes/"

Content = bytes | Path | AsyncIterable[bytes]


class UnsafeKey(ValueError):
    """No service makes such a key."""


class ObjectNotFound(LookupError):
    """Nothing is kept under this key."""


class RangeNotSatisfiable(ValueError):
    """The range begins behind the end (RFC 9110, section 15.5.17)."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The object has {size} bytes.")
        self.size = size


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a listing shows it. `size` is in bytes."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Described(Listed):
    """An object with all that was said when it was put."""

    content_type: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """An object to be read once: the bytes from `start` up to, not including, `end`."""

    described: Described
    start: int
    end: int
    chunks: AsyncIterator[bytes]


class Objects:
    """A store. Raises `UnsafeKey` for keys that no service makes."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._keeps_attributes = not isinstance(store, LocalStore)

    @classmethod
    def open(cls, url: str) -> "Objects":
        """The store at `file:///…`, `s3://bucket/prefix` or, for tests, `memory:///`."""
        parts = urlsplit(url)
        match parts.scheme:
            case "file":
                return cls(LocalStore(url2pathname(parts.path), mkdir=True))
            case "s3":
                return cls(S3Store.from_url(url))
            case "memory":
                return cls(MemoryStore())
            case _:
                raise ValueError(f"Objects are kept at file: or s3:, not at {parts.scheme}:.")

    async def put(
        self,
        key: str,
        content: Content,
        *,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Keep `content` under `key`, in place of what was there."""
        attributes = {_CONTENT_TYPE: content_type}
        attributes.update((name, quote(value)) for name, value in (metadata or {}).items())
        if self._keeps_attributes:
            await obstore.put_async(
                self._store, safe(key), content, attributes=attributes, max_concurrency=_AT_ONCE
            )
            return
        # First, so that an object is never without.
        sidecar = json.dumps(attributes).encode()
        await obstore.put_async(self._store, _SIDECARS + safe(key), sidecar)
        await obstore.put_async(self._store, key, content, max_concurrency=_AT_ONCE)

    async def head(self, key: str) -> Described:
        """All that is known about an object. Raises `ObjectNotFound`."""
        try:
            found = await obstore.get_async(self._store, safe(key), options={"head": True})
        except FileNotFoundError as error:
            raise ObjectNotFound(key) from error
        attributes = found.attributes if self._keeps_attributes else await self._sidecar(key)
        return Described(
            key=key,
            size=found.meta["size"],
            modified=found.meta["last_modified"],
            content_type=attributes.get(_CONTENT_TYPE, "application/octet-stream"),
            metadata={
                name: unquote(value) for name, value in attributes.items() if name != _CONTENT_TYPE
            },
        )

    async def get(self, key: str, *, start: int = 0, end: int | None = None) -> Opened:
        """The bytes from `start` up to `end`, or to the object's own end.

        Raises `ObjectNotFound` and `RangeNotSatisfiable`.
        """
        described = await self.head(key)
        end = described.size if end is None else min(end, described.size)
        if not 0 <= start <= end or (start == described.size and start > 0):
            raise RangeNotSatisfiable(described.size)
        chunks = self._chunks(key, start, end) if start < end else _nothing()
        return Opened(described, start, end, chunks)

    async def delete(self, key: str) -> None:
        """Keep nothing under `key`, whether or not there was something."""
        for each in (safe(key), _SIDECARS + key):
            try:
                await obstore.delete_async(self._store, each)
            except FileNotFoundError:
                continue

    async def list(self, prefix: str = "") -> AsyncIterator[Listed]:
        """The objects in the folder `prefix`, and those below it."""
        if prefix:
            safe(prefix)
        async for page in obstore.list(self._store, prefix or None):
            for meta in page:
                if not meta["path"].startswith(_SIDECARS):
                    yield Listed(meta["path"], meta["size"], meta["last_modified"])

    async def _chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, end)})
        except FileNotFoundError as error:
            raise ObjectNotFound(key) from error
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    async def _sidecar(self, key: str) -> Mapping[str, str]:
        try:
            found = await obstore.get_async(self._store, _SIDECARS + key)
        except FileNotFoundError:
            return {}
        attributes: dict[str, str] = json.loads(bytes(await found.bytes_async()))
        return attributes


def safe(key: str) -> str:
    """The key itself. Raises `UnsafeKey` unless it is one that services make."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise UnsafeKey("Keys are plain segments with slashes between them.")
    return key


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield
