"""Credentials to caller."""

from dataclasses import dataclass
from typing import Protocol

from gateway.authentication.credentials import Credentials
from gateway.authentication.principals import Caller, Principals
from gateway.authentication.tokens import InvalidToken, KeySetUnavailable, TokenVerifier
from gateway.errors import SubgraphError


class Unauthenticated(Exception):
    """There are credentials and they are not good. Its text is safe to show."""


class Unavailable(Exception):
    """Nobody can tell at the moment whether the credentials are good."""


class KnowsCallers(Protocol):
    """Credentials to caller."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The caller; None without credentials. Raises `Unauthenticated`, `Unavailable`."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Knows who calls."""

    tokens: TokenVerifier
    principals: Principals

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The caller; None without credentials. Raises `Unauthenticated`, `Unavailable`."""
        if credentials is None:
            return None
        try:
            claims = await self.tokens.verify(credentials.token)
            caller = await self.principals.of_session(str(claims["sid"]))
        except InvalidToken as error:
            raise Unauthenticated(str(error)) from error
        except (KeySetUnavailable, SubgraphError) as error:
            raise Unavailable("Access tokens cannot be checked at the moment.") from error
        if caller is None:
            raise Unauthenticated("This session has ended.")
        return caller


class Nobody:
    """Where there is nobody to be: every caller is unknown, whatever it brings."""

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """None."""
        return None
