"""Signing in, going on, signing out: what a person's client exchanges for what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.emails import email_key
from kit.ids import to_global
from services.identity.authentication import sessions, totp
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import (
    BadCredentials,
    SecondFactorNeeded,
    SessionOver,
)
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Lifetimes, Prolonged
from services.identity.authentication.throttle import Throttle, refuse_until
from services.identity.models import Credential, User, UserState


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person types, and with which program."""

    email: str
    password: str
    code: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets. Durations are in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign-in of people."""

    database: Database
    passwords: Passwords
    sealer: Sealer
    throttle: Throttle
    tokens: AccessTokens
    lifetimes: Lifetimes
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def sign_in(self, attempt: Attempt) -> Tokens:
        """A new session. Raises `BadCredentials`, `SecondFactorNeeded`, `TooManyAttempts`."""
        user, credential = await self._admitted(attempt)
        hashed = credential.password_hash if credential is not None else None
        matches = await self.passwords.matches(hashed, attempt.password)
        if user is None or credential is None or not matches:
            raise BadCredentials
        if user.state is not UserState.ACTIVE:
            raise BadCredentials
        if self.passwords.outdated(credential.password_hash):
            await self._rehash(user.id, attempt.password)
        return await self._tokens(await self._begin(user.id, attempt))

    async def refresh(self, refresh_token: str) -> Tokens:
        """The session goes on. Raises `SessionOver`."""
        async with self.database.system() as session:
            prolonged = await sessions.prolong(
                session, refresh_token, lifetimes=self.lifetimes, now=self.now()
            )
        if prolonged is None:  # raised after the commit: a reused token has ended its session
            raise SessionOver
        return await self._tokens(prolonged)

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

    async def _admitted(self, attempt: Attempt) -> tuple[User | None, Credential | None]:
        key, now = email_key(attempt.email), self.now()
        async with self.database.system() as session:
            refused_until = await self.throttle.enter(session, key, now)
            found = await session.execute(
                select(User, Credential)
                .join(Credential, Credential.user_id == User.id)
                .where(User.email_key == key)
            )
            row = found.one_or_none()
        if refused_until is not None:
            raise refuse_until(refused_until, now)
        return (row[0], row[1]) if row is not None else (None, None)

    async def _begin(self, user_id: UUID, attempt: Attempt) -> Prolonged:
        now = self.now()
        async with self.database.system() as session:
            user = await session.get_one(User, user_id, with_for_update=True)
            if user.state is not UserState.ACTIVE:  # suspended while the password was checked
                raise BadCredentials
            if user.mfa_enabled:
                await self._use_code(session, user_id, attempt.code, now)
            await self.throttle.forget(session, user.email_key)
            user.last_sign_in_at = now
            return await sessions.begin(
                session,
                user_id,
                user_agent=attempt.user_agent,
                lifetimes=self.lifetimes,
                now=now,
            )

    async def _use_code(
        self, session: AsyncSession, user_id: UUID, code: str | None, now: datetime
    ) -> None:
        credential = await session.get_one(Credential, user_id, with_for_update=True)
        if credential.totp_secret is None:
            raise BadCredentials
        if code is None:
            raise SecondFactorNeeded
        secret = self.sealer.open(credential.totp_secret, _purpose(user_id))
        step = totp.accepted_step(secret, code, now, after=credential.totp_step)
        if step is None:
            raise BadCredentials
        credential.totp_step = step

    async def _rehash(self, user_id: UUID, password: str) -> None:
        hashed = await self.passwords.hash(password)
        async with self.database.system() as session:
            credential = await session.get_one(Credential, user_id, with_for_update=True)
            credential.password_hash = hashed

    async def _tokens(self, prolonged: Prolonged) -> Tokens:
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


def seal_second_factor(sealer: Sealer, user_id: UUID, secret: bytes) -> bytes:
    """What `Credential.totp_secret` holds."""
    return sealer.seal(secret, _purpose(user_id))


def _purpose(user_id: UUID) -> str:
    return f"totp {user_id}"
