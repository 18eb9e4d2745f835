"""A supergraph's changes, taken into use while requests run."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from prometheus_client import Counter, Gauge, Info

from gateway.errors import GatewayError, InvalidSupergraph
from gateway.pipeline import Pipeline, assemble
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from gateway.supergraph.source.cache import Cache
from gateway.supergraph.source.source import Source, SupergraphUnavailable
from gateway.transport.request import Connections
from gateway.transport.sessions import Lease, Sessions
from gateway.versions import Version, Versions, digest_of

logger = logging.getLogger(__name__)

_LOADS: Final = Counter(
    "supergraph_loads_total", "Supergraphs taken into use, and refused.", labelnames=("outcome",)
)
_FAILING: Final = Gauge("supergraph_failing", "1 while the newest supergraph is not in use.")
_IN_USE: Final = Info("supergraph", "The supergraph that answers.")

#: A way to each subgraph of a supergraph. Raises `ValueError` for an address that is none.
Connect = Callable[[Supergraph, Lease], Connections]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the newest supergraph is not the one in use."""

    code: str
    reason: str
    since: datetime


class Rollout:
    """Looks at a source, and makes what it holds the version that answers.

    What cannot be had, read or composed changes nothing: the last good version stays.
    """

    def __init__(self, source: Source, connect: Connect, settings: EngineSettings) -> None:
        self.source = source
        self.versions = Versions()
        self.sessions = Sessions()
        self._connect = connect
        self._settings = settings
        self._cache = Cache(settings.supergraph_cache) if settings.supergraph_cache else None
        self._unavailable: Failure | None = None
        self._refused: Failure | None = None
        self._refused_digest: str | None = None

    @property
    def failure(self) -> Failure | None:
        """The last failure, until a look finds nothing wrong."""
        return self._unavailable or self._refused

    async def start(self) -> None:
        """The first version, from the cache where its source fails. Raises `GatewayError`."""
        try:
            while self.versions.current is None:
                await self._attempt()
        except GatewayError as error:
            cached = await self._cached()
            if cached is None:
                error.add_note(f"The supergraph's source is {self.source.name}.")
                raise
            self._note(error)
            logger.warning("starting with the cached supergraph")
            self._replace(cached)

    async def follow(self) -> None:
        """Take every change, for as long as the process lives."""
        failures = 0
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(self.source.pace.after(failures))
                replaced = await self._look()
                failures = failures + 1 if self._unavailable else 0
                if replaced is not None:
                    group.create_task(_retire(replaced))

    async def close(self) -> None:
        """Let go of every connection."""
        await self.sessions.close()

    async def _look(self) -> Version | None:
        """One look. The version that answers no more after it, if there is one."""
        try:
            return await self._attempt()
        except GatewayError as error:
            self._note(error)
        return None

    async def _attempt(self) -> Version | None:
        failing = self.failure is not None
        try:
            sdl = await self.source.read()
            self._unavailable = None
            replaced = await self._take(sdl) if sdl is not None else None
        except GatewayError:
            raise
        except Exception as error:  # a fault of ours: it must not end the looking
            logger.exception("supergraph cannot be taken")
            reason = f"Internal error: {type(error).__name__}: {error}"
            raise InvalidSupergraph(reason) from error
        if failing and self.failure is None:
            logger.info("supergraph no longer refused", extra={"source": self.source.name})
        _FAILING.set(self.failure is not None)
        return replaced

    async def _take(self, sdl: str) -> Version | None:
        """Use this supergraph from now on; the version it replaces. Raises `InvalidSupergraph`."""
        digest = digest_of(sdl)
        if digest == self._refused_digest:
            return None
        current = self.versions.current
        replaced = None
        if current is None or current.digest != digest:
            self._refused_digest = digest
            replaced = self._replace(await self._made(sdl))
            if self._cache is not None:
                await self._cache.write(sdl)
        self._refused = self._refused_digest = None
        return replaced

    async def _cached(self) -> Version | None:
        sdl = await self._cache.read() if self._cache is not None else None
        if sdl is None:
            return None
        try:
            return await self._made(sdl)
        except InvalidSupergraph as error:
            logger.warning("cached supergraph refused", extra={"reason": str(error)})
            return None

    async def _made(self, sdl: str) -> Version:
        """All that costs time is done elsewhere than where requests are answered."""
        supergraph = await asyncio.to_thread(read_supergraph, sdl)
        if supergraph.api_schema.query_type is None:
            raise InvalidSupergraph("The supergraph has no query that clients may ask.")
        lease = self.sessions.lease()
        try:
            subgraphs = self._connected(supergraph, lease)
            pipeline = await asyncio.to_thread(assemble, supergraph, subgraphs, self._settings)
            await self._warm(pipeline)
        except BaseException:
            await lease.release()
            raise
        return Version(digest_of(sdl), pipeline, lease)

    def _connected(self, supergraph: Supergraph, lease: Lease) -> Connections:
        try:
            return self._connect(supergraph, lease)
        except ValueError as error:
            raise InvalidSupergraph(f"A subgraph's address is none: {error}") from error

    async def _warm(self, pipeline: Pipeline) -> None:
        if self.versions.current is None:
            return
        uses = self.versions.current.pipeline.most_used(self._settings.warm_plans)
        seconds = self._settings.warm_seconds
        planned = await asyncio.to_thread(pipeline.warm, uses, seconds=seconds)
        logger.info("plans are warm", extra={"planned": planned, "used": len(uses)})

    def _replace(self, version: Version) -> Version | None:
        replaced = self.versions.replace(version)
        _LOADS.labels("taken").inc()
        _IN_USE.info({"version": version.digest})
        logger.info(
            "supergraph in use", extra={"version": version.digest, "source": self.source.name}
        )
        return replaced

    def _note(self, error: GatewayError) -> None:
        """Keep what is wrong, and say it once."""
        failure = Failure(error.code, str(error), datetime.now(UTC))
        known = self._unavailable
        if not isinstance(error, SupergraphUnavailable):
            self._unavailable, self._refused = None, failure
        elif known is None or known.reason != failure.reason:
            self._unavailable = failure
        else:
            return
        _FAILING.set(1)
        _LOADS.labels("refused").inc()
        logger.warning(
            "supergraph refused",
            extra={"source": self.source.name, "code": failure.code, "reason": failure.reason},
        )


async def _retire(version: Version) -> None:
    await version.retire()
    logger.info("supergraph out of use", extra={"version": version.digest})
