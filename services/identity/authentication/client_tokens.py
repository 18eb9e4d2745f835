"""What machine clients ask about their own tokens: introspection and revocation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import to_global
from services.identity.authentication import sessions
from services.identity.authentication.clients import ClientCredentials, ClientSignIn
from services.identity.authentication.errors import ForeignToken
from services.identity.machines import narrowed, scopes_of
from services.identity.models import ApiClient, Session


@dataclass(frozen=True, slots=True)
class ClientTokens:
    """For clients that show their secret; of others' tokens it says nothing."""

    clients: ClientSignIn

    async def introspect(self, shown: ClientCredentials, token: str) -> Mapping[str, Any]:
        """What RFC 7662, section 2.2, answers. Raises `BadClient`, `TooManyAttempts`."""
        client = await self.clients.authenticate(shown)
        claims = await self.clients.tokens.claims_of(token)
        if claims is None:
            return {"active": False}
        now = self.clients.now()
        async with self.clients.database.system() as session:
            found = await session.get(Session, UUID(claims["sid"]))
            if found is None or found.api_client_id != client.id or not found.lives_at(now):
                return {"active": False}
            scope = await _scope(session, client, found)
        if claims["exp"] <= now.timestamp():
            return {"active": False}
        said = {name: claims[name] for name in ("iss", "aud", "sub", "iat", "exp", "jti")}
        return {
            "active": True,
            "scope": scope,
            "client_id": to_global("cli", client.id),
            "token_type": "Bearer",
            **said,
        }

    async def revoke(self, shown: ClientCredentials, token: str) -> None:
        """The token's session is over (RFC 7009); a text that is no token is revoked already.

        Raises `BadClient`, `ForeignToken`, `TooManyAttempts`.
        """
        client = await self.clients.authenticate(shown)
        session_id = await self.clients.tokens.session_of(token)
        if session_id is None:
            return
        async with self.clients.database.system() as session:
            found = await session.get(Session, session_id, with_for_update=True)
            if found is None:
                return
            if found.api_client_id != client.id:
                raise ForeignToken
            sessions.end(session, found, self.clients.now())


async def _scope(session: AsyncSession, client: ApiClient, of: Session) -> str:
    left = narrowed(await scopes_of(session, client), of)
    return " ".join(sorted(capability.scope for capability in left))
