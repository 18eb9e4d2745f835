"""Who calls: what every way of knowing it promises."""

from typing import Protocol

from gateway.authentication.credentials import Credentials
from gateway.authentication.presence import Presence, Unauthenticated, Unavailable, Unknown
from gateway.authentication.principals import Caller

__all__ = ["KnowsCallers", "Nobody", "Unauthenticated", "Unavailable"]


class KnowsCallers(Protocol):
    """Credentials to caller."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The caller; None without credentials. Raises `Unauthenticated`, `Unavailable`."""

    async def presence(self, credentials: Credentials | None) -> Presence:
        """The caller for as long as it stays. Raises `Unauthenticated`, `Unavailable`."""


class Nobody:
    """Where there is nobody to be: every caller is unknown, whatever it brings."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """None."""
        return None

    async def presence(self, credentials: Credentials | None) -> Presence:
        """Unknown."""
        return Unknown()
