"""HTTP sessions, one for each origin, shared by the supergraph versions that ask it.

Streams have a session of their own: they keep their connections, of which others need some.
"""

from dataclasses import dataclass, field

from aiohttp import ClientSession
from yarl import URL

from gateway.transport.http import CONNECTIONS, open_session


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a session is for."""

    origin: str
    streams: bool


@dataclass(slots=True, eq=False)
class _Shared:
    session: ClientSession
    users: int = 0


class Sessions:
    """Keeps a session as long as anybody leases it. Needs a running event loop."""

    def __init__(self) -> None:
        self._open: dict[Purpose, _Shared] = {}

    @property
    def origins(self) -> frozenset[str]:
        """Those that are leased at the moment."""
        return frozenset(purpose.origin for purpose in self._open)

    def lease(self) -> "Lease":
        """For one version: the origins it asks are its own choice."""
        return Lease(self)

    async def close(self) -> None:
        """All of them, leased or not."""
        while self._open:
            _, shared = self._open.popitem()
            await shared.session.close()

    def take(self, purpose: Purpose) -> ClientSession:
        """The session, for one user more."""
        shared = self._open.get(purpose)
        if shared is None:
            most = 0 if purpose.streams else CONNECTIONS
            shared = self._open[purpose] = _Shared(open_session(most))
        shared.users += 1
        return shared.session

    async def give_back(self, purpose: Purpose) -> None:
        """One user less; the last one closes it."""
        shared = self._open.get(purpose)
        if shared is None:
            return
        shared.users -= 1
        if not shared.users:
            del self._open[purpose]
            await shared.session.close()


@dataclass(slots=True, eq=False)
class Lease:
    """The sessions that one version uses."""

    _sessions: Sessions
    _taken: dict[Purpose, ClientSession] = field(default_factory=dict)

    def to(self, url: str, *, streams: bool = False) -> ClientSession:
        """The session for this address's origin, until `release`."""
        purpose = Purpose(_origin(url), streams)
        if purpose not in self._taken:
            self._taken[purpose] = self._sessions.take(purpose)
        return self._taken[purpose]

    async def release(self) -> None:
        """Give all of them back; who was the last closes."""
        while self._taken:
            purpose, _ = self._taken.popitem()
            await self._sessions.give_back(purpose)


def _origin(url: str) -> str:
    """An address that leads nowhere shares with nobody."""
    address = URL(url)
    return str(address.origin()) if address.absolute else url
