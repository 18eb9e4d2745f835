"""Who calls: what every way of knowing it promises."""

from typing import Protocol

from gateway.authentication.credentials import Credentials
from gateway.authentication.principals import Caller


class Unauthenticated(Exception):
    """There are credentials and they are not good. Its text is safe to show."""


class Unavailable(Exception):
    """Nobody can tell at the moment whether the credentials are good."""


class KnowsCallers(Protocol):
    """Credentials to caller."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The caller; None without credentials. Raises `Unauthenticated`, `Unavailable`."""


class Nobody:
    """Where there is nobody to be: every caller is unknown, whatever it brings."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """None."""
        return None
