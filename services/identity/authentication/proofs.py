"""Step-up: the person of a running session proves once more that it is them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from kit.database import Database
from services.identity.authentication import sessions
from services.identity.authentication.errors import BadCredentials, SessionOver
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.second_factors import Factor, SecondFactors
from services.identity.authentication.sessions import Lifetimes, Visit
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.models import Credential, Session, User, UserState


@dataclass(frozen=True, slots=True)
class Proof:
    """What the person gives: their second factor where they have one, else their password."""

    password: str | None = field(default=None, repr=False)
    factor: Factor = field(default_factory=Factor, repr=False)


@dataclass(frozen=True, slots=True)
class Proofs:
    """Of all people."""

    database: Database
    passwords: Passwords
    second_factors: SecondFactors
    throttle: Throttle
    lifetimes: Lifetimes
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def renew(self, session_id: UUID, proof: Proof, visit: Visit) -> datetime:
        """Until when the proof holds, for this session alone.

        Raises `SessionOver`, `BadCredentials`, `SecondFactorNeeded`, `TooManyAttempts`.
        """
        user, hashed = await self._person(session_id)
        if user.mfa_enabled:
            await self.second_factors.admit(user, proof.factor, visit)
        else:
            await self._check_password(user, hashed, proof.password, visit)
        async with self.database.system() as session:
            locked = await session.get_one(User, user.id, with_for_update=True)
            credential = await session.get(Credential, user.id)
            if locked.mfa_enabled is not user.mfa_enabled or _hash_of(credential) != hashed:
                raise BadCredentials  # changed while it was checked
            if locked.mfa_enabled:
                await self.second_factors.use(session, locked, proof.factor, visit)
            proven = await session.get(Session, session_id, with_for_update=True)
            if proven is None or not proven.lives_at(self.now()):
                raise SessionOver
            return await sessions.prove(session, proven, lifetimes=self.lifetimes, now=self.now())

    async def _person(self, session_id: UUID) -> tuple[User, str | None]:
        """Whose session it is. Raises `SessionOver`, also for those of machine clients."""
        async with self.database.system() as session:
            found = await session.get(Session, session_id)
            if found is None or found.user_id is None or not found.lives_at(self.now()):
                raise SessionOver
            user = await session.get_one(User, found.user_id)
            credential = await session.get(Credential, user.id)
        if user.state is not UserState.ACTIVE:
            raise SessionOver
        return user, _hash_of(credential)

    async def _check_password(
        self, user: User, hashed: str | None, password: str | None, visit: Visit
    ) -> None:
        key = user.email_key
        await self.throttle.admit(Guarded.PASSWORD, account=key, address=visit.address)
        if password is None or not await self.passwords.matches(hashed, password):
            raise BadCredentials
        await self.throttle.forgive(Guarded.PASSWORD, account=key, address=visit.address)


def _hash_of(credential: Credential | None) -> str | None:
    return credential.password_hash if credential is not None else None
