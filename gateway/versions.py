"""The versions of the supergraph: the one that answers, and those that requests still run on."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from gateway.pipeline import Pipeline
from gateway.transport.sessions import Lease


def digest_of(sdl: str) -> str:
    """The name of a version: what it says, and nothing else, decides it."""
    return hashlib.sha256(sdl.encode()).hexdigest()[:16]


class Version:
    """One supergraph in use, since it was made."""

    def __init__(self, digest: str, pipeline: Pipeline, lease: Lease) -> None:
        self.digest = digest
        self.pipeline = pipeline
        self.since = datetime.now(UTC)
        self._lease = lease
        self._requests = 0
        self._retired = False
        self._idle = asyncio.Event()

    @contextmanager
    def used(self) -> Iterator[None]:
        """While a request runs on it."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._settle()

    async def retire(self) -> None:
        """Wait for the last request, then let go of what it alone used."""
        self._retired = True
        self._settle()
        await self._idle.wait()
        await self._lease.release()

    def _settle(self) -> None:
        if self._retired and not self._requests:
            self._idle.set()


class Versions:
    """Which version answers. A request keeps the one it began with."""

    def __init__(self) -> None:
        self.current: Version | None = None

    def replace(self, version: Version) -> Version | None:
        """From now on this one answers; the one that did."""
        replaced, self.current = self.current, version
        return replaced

    @property
    def here(self) -> Version:
        """The version that is pinned around the caller, or else the one that answers now.

        Raises `LookupError` before there is one.
        """
        pin = _pinned.get()
        if pin is not None and pin[0] is self:
            return pin[1]
        if self.current is None:
            raise LookupError("There is no supergraph yet.")
        return self.current

    @contextmanager
    def pinned(self) -> Iterator[Pipeline]:
        """The pipeline from here on: what is pinned inside, in other tasks too, is the same."""
        version = self.here
        token = _pinned.set((self, version))
        try:
            with version.used():
                yield version.pipeline
        finally:
            _pinned.reset(token)


_pinned: ContextVar[tuple[Versions, Version] | None] = ContextVar("pinned", default=None)
