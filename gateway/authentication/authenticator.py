"""Credentials to caller."""

from dataclasses import dataclass

from gateway.authentication.credentials import Credentials
from gateway.authentication.presence import (
    Presence,
    SignedIn,
    Unauthenticated,
    Unavailable,
    Unknown,
)
from gateway.authentication.principals import Caller, Principals
from gateway.authentication.tokens import InvalidToken, KeySetUnavailable, TokenVerifier


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Knows who calls."""

    tokens: TokenVerifier
    principals: Principals

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The caller; None without credentials. Raises `Unauthenticated`, `Unavailable`."""
        return await (await self.presence(credentials)).caller()

    async def presence(self, credentials: Credentials | None) -> Presence:
        """The holder of the token, checked once. Raises `Unauthenticated`, `Unavailable`."""
        if credentials is None:
            return Unknown()
        try:
            claims = await self.tokens.verify(credentials.token)
        except InvalidToken as error:
            raise Unauthenticated(str(error)) from error
        except KeySetUnavailable as error:
            raise Unavailable("Access tokens cannot be checked at the moment.") from error
        return SignedIn(str(claims["sid"]), float(claims["exp"]), self.principals)
