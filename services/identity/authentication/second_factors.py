"""The second factor of a person: turned on with a code of it, asked for, turned off.

Who turns it on proves first that the application has the secret; until then nothing changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.errors import NotFound
from kit.outbox import record
from services.identity.authentication import one_time_codes, recovery_codes, sessions
from services.identity.authentication.errors import BadCredentials, SecondFactorNeeded
from services.identity.authentication.one_time_codes import accepted_step, open_secret
from services.identity.authentication.refusals import RateLimited, WrongCode
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import SOMEHOW, Visit
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.errors import WrongState
from services.identity.events import PrincipalChanged, SecurityNotice
from services.identity.models import Credential, Session, User
from services.identity.rights.act import audit_person

#: How long a second factor may stay begun.
_PENDING: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Factor:
    """What proves the second factor: a code of it, or one of the recovery codes."""

    code: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BegunFactor:
    """The secret, for the person's application and never shown again."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Of all people. `issuer` is the name that applications show beside the codes."""

    database: Database
    sealer: Sealer
    throttle: Throttle
    issuer: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def begin(self, user_id: UUID) -> BegunFactor:
        """A new secret, which counts once it is confirmed."""
        secret = one_time_codes.new_secret()
        async with self.database.system() as session:
            user, credential = await _locked(session, user_id)
            sealed = one_time_codes.seal_secret(self.sealer, user_id, secret)
            credential.pending_totp_secret, credential.pending_since = sealed, self.now()
        uri = one_time_codes.provisioning_uri(secret, email=user.email, issuer=self.issuer)
        return BegunFactor(secret, uri)

    async def confirm(self, user_id: UUID, session_id: UUID | None, code: str) -> list[str]:
        """The second factor counts from now on; the recovery codes, shown once. What other
        sessions proved without it holds no more.

        Raises `WrongState` when nothing was begun lately, `WrongCode`, `RateLimited`.
        """
        await self._admit(user_id)
        now = self.now()
        async with self.database.system() as session:
            user, credential = await _locked(session, user_id)
            pending, since = credential.pending_totp_secret, credential.pending_since
            if pending is None or since is None or since + _PENDING <= now:
                raise WrongState
            secret = open_secret(self.sealer, user_id, pending)
            step = accepted_step(secret, code, now, after=0)
            if step is None:
                raise WrongCode(path=("code",))
            credential.totp_secret, credential.totp_step = pending, step
            credential.pending_totp_secret = credential.pending_since = None
            user.mfa_enabled = True
            await _drop_other_proofs(session, user_id, session_id)
            sessions.tell(session, user_id, SecurityNotice.SECOND_FACTOR_ON, SOMEHOW, now)
            await audit_person(session, user_id, "user.second-factor-on", at=now)
            return await recovery_codes.renew(session, user_id, now)

    async def disable(self, user_id: UUID) -> None:
        """The password is enough again. Raises `WrongState` when it was before."""
        now = self.now()
        async with self.database.system() as session:
            user, credential = await _locked(session, user_id)
            if not user.mfa_enabled:
                raise WrongState
            user.mfa_enabled = False
            credential.totp_secret = credential.pending_totp_secret = None
            credential.pending_since = None
            await recovery_codes.forget(session, user_id)
            sessions.tell(session, user_id, SecurityNotice.SECOND_FACTOR_OFF, SOMEHOW, now)
            await audit_person(session, user_id, "user.second-factor-off", at=now)

    async def renew_recovery_codes(self, user_id: UUID) -> list[str]:
        """New ones, shown once; the old ones are good for nothing. Raises `WrongState`."""
        now = self.now()
        async with self.database.system() as session:
            user, _ = await _locked(session, user_id)
            if not user.mfa_enabled:
                raise WrongState
            notice = SecurityNotice.RECOVERY_CODES_RENEWED
            sessions.tell(session, user_id, notice, SOMEHOW, now)
            return await recovery_codes.renew(session, user_id, now)

    async def admit(self, user: User, factor: Factor, visit: Visit) -> None:
        """Count a try, before `use`. Raises `SecondFactorNeeded`, `TooManyAttempts`."""
        if factor.code is None and factor.recovery_code is None:
            raise SecondFactorNeeded
        await self.throttle.admit(Guarded.CODE, account=str(user.id), address=visit.address)

    async def use(self, session: AsyncSession, user: User, factor: Factor, visit: Visit) -> None:
        """The factor proves the person, once: a code used twice is wrong, also at the same time.

        The row of `user` is locked. Raises `BadCredentials`.
        """
        now = self.now()
        if factor.code is not None:
            await self._use_code(session, user.id, factor.code, now)
        elif await recovery_codes.use(session, user.id, factor.recovery_code or "", now):
            sessions.tell(session, user.id, SecurityNotice.RECOVERY_CODE_USED, visit, now)
        else:
            raise BadCredentials

    async def _use_code(
        self, session: AsyncSession, user_id: UUID, code: str, now: datetime
    ) -> None:
        credential = await session.get(Credential, user_id, with_for_update=True)
        if credential is None or credential.totp_secret is None:
            raise BadCredentials
        secret = open_secret(self.sealer, user_id, credential.totp_secret)
        step = accepted_step(secret, code, now, after=credential.totp_step)
        if step is None:
            raise BadCredentials
        credential.totp_step = step

    async def _admit(self, user_id: UUID) -> None:
        if seconds := await self.throttle.wait(Guarded.CODE, account=str(user_id)):
            raise RateLimited(seconds)


async def _locked(session: AsyncSession, user_id: UUID) -> tuple[User, Credential]:
    user = await session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    credential = await session.get(Credential, user_id, with_for_update=True)
    if credential is None:  # who signs in elsewhere has no password, but may have a second factor
        credential = Credential(user_id=user_id)
        session.add(credential)
    return user, credential


async def _drop_other_proofs(session: AsyncSession, user_id: UUID, session_id: UUID | None) -> None:
    await session.execute(
        update(Session)
        .where(Session.user_id == user_id, Session.id != session_id)
        .values(proven_until=None)
        .execution_options(synchronize_session=False)
    )
    record(session, PrincipalChanged(principal_id=user_id))
