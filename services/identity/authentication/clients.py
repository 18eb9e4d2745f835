"""Machine clients: an id and a secret for a short-lived token (RFC 6749, section 4.4)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, to_global
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import BadClient, InvalidScope
from services.identity.authentication.sessions import hash_of
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.machines import scopes_of
from services.identity.models import ApiClient, Session

#: What a stranger's secret is compared with.
_NOBODYS_HASH: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a machine client shows, and from where."""

    id: str
    secret: str = field(repr=False)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ClientToken:
    """What a machine client gets. There is no refresh token: it has its secret."""

    access_token: str = field(repr=False)
    #: Seconds.
    expires_in: int
    scopes: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class ClientSignIn:
    """Sign-in of machine clients."""

    database: Database
    tokens: AccessTokens
    throttle: Throttle
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def sign_in(
        self, shown: ClientCredentials, wanted: frozenset[Capability] | None = None
    ) -> ClientToken:
        """A session as long as its token, with what is `wanted` of the client's scopes, or all.

        Raises `BadClient`, `InvalidScope`, `TooManyAttempts`.
        """
        id, now = (await self.authenticate(shown)).id, self.now()
        async with self.database.system() as session:
            client = await session.get_one(ApiClient, id, with_for_update=True)
            if not client.lives_at(now):  # revoked while the secret was checked
                raise BadClient
            scopes = _granted(await scopes_of(session, client), wanted)
            client.last_used_at = now
            expires_at = min(now + self.tokens.lifetime, client.expires_at)
            started = Session(
                api_client_id=client.id,
                scopes=sorted(scopes),
                created_at=now,
                expires_at=expires_at,
            )
            session.add(started)
        subject = to_global("cli", client.id)
        return ClientToken(
            access_token=await self.tokens.issue(subject=subject, session_id=started.id),
            expires_in=int((expires_at - now).total_seconds()),
            scopes=scopes,
        )

    async def authenticate(self, shown: ClientCredentials) -> ApiClient:
        """The client whose secret it is. Raises `BadClient`, `TooManyAttempts`."""
        await self.throttle.admit(Guarded.CLIENT_SECRET, account=shown.id, address=shown.address)
        async with self.database.system() as session:
            client = await _known(session, shown.id)
        now = self.now()
        good = client.secrets_at(now) if client is not None else (_NOBODYS_HASH,)
        given = hash_of(shown.secret)
        matches = [hmac.compare_digest(each, given) for each in good]
        if client is None or not any(matches) or not client.lives_at(now):
            raise BadClient
        await self.throttle.forgive(Guarded.CLIENT_SECRET, account=shown.id, address=shown.address)
        return client


async def _known(session: AsyncSession, client_id: str) -> ApiClient | None:
    id = from_global("cli", client_id)
    return await session.get(ApiClient, id) if id is not None else None


def _granted(
    held: frozenset[Capability], wanted: frozenset[Capability] | None
) -> frozenset[Capability]:
    granted = held if wanted is None else wanted
    if not granted or not granted <= held:
        raise InvalidScope
    return granted
