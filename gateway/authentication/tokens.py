"""Access tokens: JSON Web Tokens signed with Ed25519 (RFC 7519, RFC 8037, RFC 9864)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

logger = logging.getLogger(__name__)

AUDIENCE: Final = "portal"
_ALGORITHMS: Final = ["Ed25519"]

#: Seconds after which the key set is fetched anew, and at the least between two fetches.
_MAX_AGE: Final = 300.0
_MIN_INTERVAL: Final = 10.0
#: Seconds that somebody waits for new keys while there are old ones.
_PATIENCE: Final = 1.0

#: Seconds by which the issuer's clock and ours may differ: a token that was made just now is good.
_SKEW: Final = 5

#: Fetches the issuer's key set (RFC 7517); raises when it cannot.
FetchKeySet = Callable[[], Awaitable[Any]]


class InvalidToken(Exception):
    """The token is not one of ours, or altered, or expired. Its text is safe to show."""


class KeySetUnavailable(Exception):
    """The issuer's keys cannot be had, so no token can be checked."""


class TokenVerifier:
    """Checks tokens against the issuer's published keys, which it keeps."""

    def __init__(
        self, fetch: FetchKeySet, *, issuer: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._refreshing: asyncio.Task[None] | None = None
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_SKEW,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
        )

    async def verify(self, token: str) -> dict[str, Any]:
        """The token's claims. Raises `InvalidToken`, `KeySetUnavailable`."""
        if self._clock() - self._fetched_at > _MAX_AGE:
            await self._renew()
        try:
            return self._read(token)
        except InvalidKeyIdError:
            # Perhaps a new key: look once, however many such tokens arrive.
            await self._refresh()
        try:
            return self._read(token)
        except InvalidKeyIdError as error:
            raise InvalidToken("The access token is signed with an unknown key.") from error

    def _read(self, token: str) -> dict[str, Any]:
        if self._keys is None:
            raise KeySetUnavailable
        try:
            claims = jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims
            self._claims.validate(claims)
        except InvalidKeyIdError:
            raise
        except ExpiredTokenError as error:
            raise InvalidToken("The access token has expired.") from error
        except (JoseError, ValueError) as error:
            raise InvalidToken("The access token is not valid.") from error
        return claims

    async def _renew(self) -> None:
        """Old keys are better than none: who finds them old does not wait long for new ones."""
        if self._keys is None:
            await self._refresh()
        elif self._refreshing is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._refresh()

    async def _refresh(self) -> None:
        """One fetch for all who wait, which none of them ends by going away."""
        if self._refreshing is None:
            if self._clock() - self._tried_at < _MIN_INTERVAL:
                return
            self._tried_at = self._clock()
            self._refreshing = asyncio.create_task(self._fetch_and_keep())
        await asyncio.shield(self._refreshing)

    async def _fetch_and_keep(self) -> None:
        try:
            self._keys = KeySet.import_key_set(await self._fetch())
            self._fetched_at = self._clock()
        except Exception:  # whatever it is, the last good keys stay
            logger.warning("key set not fetched", exc_info=True)
        finally:
            self._refreshing = None
