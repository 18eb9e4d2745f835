"""Signing in, going on, signing out: what a person's client exchanges for what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.emails import email_key
from kit.ids import to_global
from services.identity.authentication import sessions
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import BadCredentials, SessionOver
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.second_factors import Factor, SecondFactors
from services.identity.authentication.sessions import SOMEHOW, Lifetimes, Prolonged, Visit
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.models import Credential, User, UserState


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person types, and how they come."""

    email: str
    password: str = field(repr=False)
    factor: Factor = field(default_factory=Factor, repr=False)
    visit: Visit = SOMEHOW


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets. Durations are in seconds."""

    access_token: str = field(repr=False)
    expires_in: int
    refresh_token: str = field(repr=False)
    refresh_expires_in: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign-in of people."""

    database: Database
    passwords: Passwords
    second_factors: SecondFactors
    throttle: Throttle
    tokens: AccessTokens
    lifetimes: Lifetimes
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def sign_in(self, attempt: Attempt) -> Tokens:
        """A new session. Raises `BadCredentials`, `SecondFactorNeeded`, `TooManyAttempts`.

        Whoever is unknown, suspended or mistaken costs the same work and hears the same.
        """
        key, address = email_key(attempt.email), attempt.visit.address
        await self.throttle.admit(Guarded.PASSWORD, account=key, address=address)
        user, hashed = await self._known(key)
        matches = await self.passwords.matches(hashed, attempt.password)
        if user is None or hashed is None or not matches or user.state is not UserState.ACTIVE:
            raise BadCredentials
        if user.mfa_enabled:
            await self.second_factors.admit(user, attempt.factor, attempt.visit)
        prolonged = await self._begin(user.id, hashed, attempt)
        if self.passwords.outdated(hashed):
            await self._rehash(user.id, hashed, attempt.password)
        await self.throttle.forgive(Guarded.PASSWORD, account=key, address=address)
        return await self.tokens_of(prolonged)

    async def refresh(self, refresh_token: str, visit: Visit = SOMEHOW) -> Tokens:
        """The session goes on. Raises `SessionOver`, `TooManyAttempts`."""
        await self.throttle.admit(Guarded.REFRESH, address=visit.address)
        async with self.database.system() as session:
            prolonged = await sessions.prolong(
                session, refresh_token, visit, lifetimes=self.lifetimes, now=self.now()
            )
        if prolonged is None:  # raised after the commit: a reused token has ended its session
            raise SessionOver
        return await self.tokens_of(prolonged)

    async def sign_out(self, refresh_token: str | None, access_token: str | None) -> None:
        """The session of either token is over. Unknown tokens are signed out already."""
        ended: set[UUID] = set()
        if access_token is not None and (found := await self.tokens.session_of(access_token)):
            ended.add(found)
        async with self.database.system() as session:
            if refresh_token is not None and (
                found := await sessions.session_of(session, refresh_token)
            ):
                ended.add(found)
            for session_id in ended:
                await sessions.end_by_id(session, session_id, self.now())

    async def begin(
        self, session: AsyncSession, user_id: UUID, visit: Visit, *, proven: bool
    ) -> Prolonged:
        """A session of somebody whose proof was checked elsewhere; `tokens_of` it after the
        commit. Raises `BadCredentials` when the person is suspended."""
        now = self.now()
        user = await session.get_one(User, user_id, with_for_update=True)
        if user.state is not UserState.ACTIVE:
            raise BadCredentials
        user.last_sign_in_at = now
        return await sessions.begin(
            session, user_id, visit, proven=proven, lifetimes=self.lifetimes, now=now
        )

    async def tokens_of(self, prolonged: Prolonged) -> Tokens:
        """What the client of a session gets."""
        of = prolonged.session
        if of.user_id is None:
            raise SessionOver  # machine clients have no refresh tokens
        access = await self.tokens.issue(subject=to_global("user", of.user_id), session_id=of.id)
        return Tokens(
            access_token=access,
            expires_in=int(self.tokens.lifetime.total_seconds()),
            refresh_token=prolonged.refresh_token,
            refresh_expires_in=int(self.lifetimes.idle.total_seconds()),
        )

    async def _known(self, key: str) -> tuple[User | None, str | None]:
        async with self.database.system() as session:
            found = await session.execute(
                select(User, Credential.password_hash)
                .join(Credential, Credential.user_id == User.id)
                .where(User.email_key == key)
            )
            row = found.one_or_none()
        return (row[0], row[1]) if row is not None else (None, None)

    async def _begin(self, user_id: UUID, hashed: str, attempt: Attempt) -> Prolonged:
        async with self.database.system() as session:
            user = await session.get_one(User, user_id, with_for_update=True)
            credential = await session.get_one(Credential, user_id, with_for_update=True)
            if credential.password_hash != hashed:  # changed while it was checked
                raise BadCredentials
            if user.mfa_enabled:
                await self.second_factors.use(session, user, attempt.factor, attempt.visit)
            return await self.begin(session, user_id, attempt.visit, proven=True)

    async def _rehash(self, user_id: UUID, outdated: str, password: str) -> None:
        hashed = await self.passwords.hash(password)
        async with self.database.system() as session:
            credential = await session.get_one(Credential, user_id, with_for_update=True)
            if credential.password_hash == outdated:
                credential.password_hash = hashed
