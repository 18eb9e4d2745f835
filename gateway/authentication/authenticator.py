"""Credentials to caller."""

from dataclasses import dataclass

from gateway.authentication.callers import Unauthenticated, Unavailable
from gateway.authentication.credentials import Credentials
from gateway.authentication.principals import Caller, Principals
from gateway.authentication.tokens import InvalidToken, KeySetUnavailable, TokenVerifier
from gateway.errors import SubgraphError


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
