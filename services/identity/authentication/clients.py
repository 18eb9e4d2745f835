"""Machine clients: an id and a secret for a short-lived token (RFC 6749, section 4.4)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, to_global
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import BadClient
from services.identity.authentication.sessions import hash_of
from services.identity.models import ApiClient, Session

_NOBODYS_HASH: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class ClientToken:
    """What a machine client gets. There is no refresh token: it has its secret."""

    access_token: str
    expires_in: int
    scopes: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class ClientSignIn:
    """Sign-in of machine clients."""

    database: Database
    tokens: AccessTokens
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def sign_in(self, client_id: str, secret: str) -> ClientToken:
        """A session as long as its token. Raises `BadClient`."""
        now, id = self.now(), from_global("cli", client_id)
        async with self.database.system() as session:
            client = await session.get(ApiClient, id) if id is not None else None
            expected = client.secret_hash if client is not None else _NOBODYS_HASH
            matches = hmac.compare_digest(expected, hash_of(secret))
            if client is None or not matches or not client.lives_at(now):
                raise BadClient
            client.last_used_at = now
            expires_at = min(now + self.tokens.lifetime, client.expires_at)
            started = Session(api_client_id=client.id, created_at=now, expires_at=expires_at)
            session.add(started)
        subject = to_global("cli", client.id)
        return ClientToken(
            access_token=await self.tokens.issue(subject=subject, session_id=started.id),
            expires_in=int(self.tokens.lifetime.total_seconds()),
            scopes=tuple(client.scopes),
        )
