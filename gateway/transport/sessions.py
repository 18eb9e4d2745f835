"""HTTP sessions, one for each origin, shared by the supergraph versions that ask it."""

from dataclasses import dataclass, field

from aiohttp import ClientSession
from yarl import URL

from gateway.transport.http import open_session


@dataclass(slots=True, eq=False)
class _Shared:
    session: ClientSession
    users: int = 0


class Sessions:
    """Keeps a session as long as anybody leases it. Needs a running event loop."""

    def __init__(self) -> None:
        self._open: dict[str, _Shared] = {}

    @property
    def origins(self) -> frozenset[str]:
        """Those that are leased at the moment."""
        return frozenset(self._open)

    def lease(self) -> "Lease":
        """For one version: the origins it asks are its own choice."""
        return Lease(self)

    async def close(self) -> None:
        """All of them, leased or not."""
        while self._open:
            _, shared = self._open.popitem()
            await shared.session.close()

    def take(self, origin: str) -> ClientSession:
        """The origin's session, for one user more."""
        shared = self._open.get(origin)
        if shared is None:
            shared = self._open[origin] = _Shared(open_session())
        shared.users += 1
        return shared.session

    async def give_back(self, origin: str) -> None:
        """One user less; the last one closes it."""
        shared = self._open.get(origin)
        if shared is None:
            return
        shared.users -= 1
        if not shared.users:
            del self._open[origin]
            await shared.session.close()


@dataclass(slots=True, eq=False)
class Lease:
    """The sessions that one version uses."""

    _sessions: Sessions
    _taken: dict[str, ClientSession] = field(default_factory=dict)

    def to(self, url: str) -> ClientSession:
        """The session for this address's origin, until `release`."""
        origin = _origin(url)
        if origin not in self._taken:
            self._taken[origin] = self._sessions.take(origin)
        return self._taken[origin]

    async def release(self) -> None:
        """Give all of them back; who was the last closes."""
        while self._taken:
            origin, _ = self._taken.popitem()
            await self._sessions.give_back(origin)


def _origin(url: str) -> str:
    """An address that leads nowhere shares with nobody."""
    address = URL(url)
    return str(address.origin()) if address.absolute else url
