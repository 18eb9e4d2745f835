"""Access tokens: JSON Web Tokens under Ed25519 (RFC 9068, RFC 8037, RFC 9864)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kit.ids import new_id
from services.identity.authentication.signing_keys import ALGORITHM, SigningKeys

AUDIENCE: Final = "portal"


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Issues and reads them. `lifetime` says how long one is good for."""

    keys: SigningKeys
    issuer: str
    lifetime: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def issue(self, *, subject: str, session_id: UUID) -> str:
        """A token for `subject`, the global id of a person or machine client."""
        key, now = await self.keys.signing(), self.now()
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": subject,
            "sid": str(session_id),
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
            "jti": new_id().hex,
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.id}
        return jwt.encode(header, claims, key.pair, algorithms=[ALGORITHM])

    async def session_of(self, token: str) -> UUID | None:
        """The session of one of our tokens, even an expired one; None for any other text."""
        claims = await self.claims_of(token)
        return UUID(claims["sid"]) if claims is not None else None

    async def current_session_of(self, token: str) -> UUID | None:
        """As `session_of`, but None for an expired one."""
        claims = await self.claims_of(token)
        if claims is None or claims["exp"] <= self.now().timestamp():
            return None
        return UUID(claims["sid"])

    async def claims_of(self, token: str) -> dict[str, Any] | None:
        """What one of our tokens says, even an expired one; None for any other text."""
        keys = KeySet.import_key_set({"keys": await self.keys.published()})
        try:
            return jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
