"""A caller who stays: as long as its token and its session last, with the rights of each moment."""

import time
from asyncio import Event
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Protocol

from gateway.authentication.principals import Caller, Principals
from gateway.errors import SubgraphError


class Unauthenticated(Exception):
    """There are credentials and they are not good. Its text is safe to show."""


class Unavailable(Exception):
    """Nobody can tell at the moment whether the credentials are good."""


class Presence(Protocol):
    """Who is at the other end of something that lasts."""

    @property
    def seconds_left(self) -> float | None:
        """Until the credentials expire; None when they never do."""

    async def caller(self) -> Caller | None:
        """The caller of this moment. Raises `Unauthenticated`, `Unavailable`."""

    def changes(self) -> AbstractContextManager[Event]:
        """For as long as the block lasts: set when there may be another caller, or none."""


class Unknown:
    """Nobody in particular, for ever."""

    @property
    def seconds_left(self) -> float | None:
        """For ever."""
        return None

    async def caller(self) -> Caller | None:
        """None."""
        return None

    def changes(self) -> AbstractContextManager[Event]:
        """Never set."""
        return nullcontext(Event())


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The holder of a verified token. `expires_at` is in seconds since the epoch."""

    session_id: str
    expires_at: float
    principals: Principals

    @property
    def seconds_left(self) -> float | None:
        """Until the token expires."""
        return self.expires_at - time.time()

    async def caller(self) -> Caller | None:
        """The caller with its rights. Raises `Unauthenticated`, `Unavailable`."""
        if self.expires_at <= time.time():
            raise Unauthenticated("The access token has expired.")
        try:
            caller = await self.principals.of_session(self.session_id)
        except SubgraphError as error:
            raise Unavailable("Access tokens cannot be checked at the moment.") from error
        if caller is None:
            raise Unauthenticated("This session has ended.")
        return caller

    def changes(self) -> AbstractContextManager[Event]:
        """Set when the session ended or the rights changed, or when nobody could have heard."""
        return self.principals.watched(self.session_id)


async def keeps_rights(presence: Presence, caller: Caller | None) -> bool:
    """Whether it is this caller still, with the same rights. Another language, or a proof made
    anew, takes nothing away."""
    try:
        current = await presence.caller()
    except (Unauthenticated, Unavailable):
        return False
    return _rights(current) == _rights(caller)


def _rights(caller: Caller | None) -> str | None:
    if caller is None:
        return None
    return replace(caller.principal, locale=None, proven_until=None).encode()
