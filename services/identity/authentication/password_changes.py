"""New passwords: for who knows the old one, or reads the mail of the person."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.emails import email_key
from kit.errors import NotFound
from kit.outbox import record
from services.identity.authentication import sessions
from services.identity.authentication.errors import BadResetToken
from services.identity.authentication.password_rules import check_password
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.refusals import RateLimited, WrongPassword
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import SOMEHOW, Visit, hash_of
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.events import PasswordResetAsked, SecurityNotice
from services.identity.models import Credential, PasswordReset, User, UserState

#: How long the link in the mail is good for.
RESET_LIFETIME: Final = timedelta(minutes=30)
#: What the address in the event is sealed for.
SEALED_FOR: Final = "password reset"


@dataclass(frozen=True, slots=True)
class PasswordChanges:
    """Of all people."""

    database: Database
    passwords: Passwords
    throttle: Throttle
    sealer: Sealer
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def change(
        self, user_id: UUID, session_id: UUID | None, *, current: str, new: str
    ) -> None:
        """Another password; every other session of the person is over.

        Raises `RateLimited`, `WrongPassword`, `WeakPassword`.
        """
        user, hashed = await self._known(user_id)
        if seconds := await self.throttle.wait(Guarded.PASSWORD, account=user.email_key):
            raise RateLimited(seconds)
        if not await self.passwords.matches(hashed, current):
            raise WrongPassword(path=("currentPassword",))
        check_password(new, email=user.email, name=user.name)
        replacement = await self.passwords.hash(new)
        async with self.database.system() as session:
            credential = await _locked(session, user_id)
            if credential is None or credential.password_hash != hashed:
                raise WrongPassword(path=("currentPassword",))  # changed while it was checked
            await self._replace(session, credential, replacement, but=session_id)

    async def forget(self, email: str, visit: Visit) -> None:
        """Somebody cannot sign in: whoever they are gets a mail, when we know them.

        The work and the answer are the same for an address that nobody has, and for one that
        asks too often. Raises `TooManyAttempts` when it is the client that asks too often.
        """
        await self.throttle.admit(Guarded.RESET_MAIL, address=visit.address)
        key = email_key(email)
        often = await self.throttle.wait(Guarded.RESET_MAIL, account=key)
        sealed = base64.b64encode(self.sealer.seal(key.encode(), SEALED_FOR)).decode()
        if not often:
            async with self.database.system() as session:
                record(session, PasswordResetAsked(sealed_email=sealed, at=self.now()))

    async def reset(self, token: str, new: str, visit: Visit) -> None:
        """Another password by a token that was mailed; every session of the person is over.

        A password that is refused leaves the token good. Raises `BadResetToken`, `WeakPassword`,
        `TooManyAttempts`.
        """
        await self.throttle.admit(Guarded.RESET_TOKEN, address=visit.address)
        async with self.database.system() as session:
            user = await self._holder(session, token)
        check_password(new, email=user.email, name=user.name)
        replacement = await self.passwords.hash(new)
        async with self.database.system() as session:
            credential = await _locked(session, user.id)
            await self._holder(session, token)
            if credential is None:
                raise BadResetToken
            await self._replace(session, credential, replacement, but=None)

    async def _known(self, user_id: UUID) -> tuple[User, str | None]:
        async with self.database.system() as session:
            user = await session.get(User, user_id)
            credential = await session.get(Credential, user_id)
        if user is None:
            raise NotFound
        return user, credential.password_hash if credential is not None else None

    async def _holder(self, session: AsyncSession, token: str) -> User:
        """Whose token it is. Raises `BadResetToken` unless it is still good."""
        found = await session.get(
            PasswordReset, hash_of(token), populate_existing=True, with_for_update=True
        )
        if found is None or found.used_at is not None or found.expires_at <= self.now():
            raise BadResetToken
        user = await session.get_one(User, found.user_id)
        if user.state is not UserState.ACTIVE:
            raise BadResetToken
        return user

    async def _replace(
        self, session: AsyncSession, credential: Credential, hashed: str, *, but: UUID | None
    ) -> None:
        now, user_id = self.now(), credential.user_id
        credential.password_hash, credential.changed_at = hashed, now
        # Links that were mailed before are as good as the old password.
        await session.execute(
            update(PasswordReset)
            .where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        await sessions.end_all_of(session, [user_id], now, but=but)
        sessions.tell(session, user_id, SecurityNotice.PASSWORD_CHANGED, SOMEHOW, now)


async def _locked(session: AsyncSession, user_id: UUID) -> Credential | None:
    # The person first, as wherever a credential changes: no deadlock.
    await session.get_one(User, user_id, with_for_update=True)
    return await session.get(Credential, user_id, with_for_update=True)
