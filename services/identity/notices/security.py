"""Mails about signing in: what a person should hear of, in case it was not them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.messages import N_, format_date
from kit.notices.letters import Letter, Link, Recipient, Wording
from kit.notices.mailing import Composer
from kit.notices.tokens import MailedTokens
from kit.streams import Received
from services.identity.authentication.password_changes import RESET_LIFETIME, SEALED_FOR
from services.identity.authentication.sealing import Sealer, Unsealable
from services.identity.authentication.sessions import hash_of
from services.identity.events import PasswordResetAsked, SecurityNotice, SecurityNoticed
from services.identity.models import (
    Credential,
    NotificationKind,
    PasswordReset,
    User,
    UserState,
)
from services.identity.notices.programs import program_of
from services.identity.notices.recipients import recipient, recipients

_RESET_WORDING: Final = "security.password-reset"
_NO_PASSWORD_WORDING: Final = "security.no-password"
_TOKEN_PURPOSE: Final = "password-reset"
_RESET_PAGE: Final = "/reset-password"
_SECURITY_PAGE: Final = "/profile/security"
_UNKNOWN: Final = "–"

_IF_NOT_YOU: Final = N_(
    "If that was not you, reset your password now and end the sessions that you do not know."
)
_WHERE: Final = N_("It was done with {program}, from the address {address}.")
_ACTION: Final = N_("Your password, second factor and sessions:")
_ASKED: Final = N_("Somebody, we hope it was you, asked to reset your password.")

#: What each notice says.
WORDINGS: Final[Mapping[str, Wording]] = {
    SecurityNotice.NEW_SIGN_IN: Wording(
        N_("New sign-in to your account"),
        (
            N_("Somebody signed in as you on {when}, in a way that you never did before."),
            _WHERE,
            _IF_NOT_YOU,
        ),
        _ACTION,
    ),
    SecurityNotice.PASSWORD_CHANGED: Wording(
        N_("Your password was changed"),
        (
            N_("Your password was changed on {when}, and other sessions were ended."),
            _IF_NOT_YOU,
        ),
        _ACTION,
    ),
    SecurityNotice.SECOND_FACTOR_ON: Wording(
        N_("Your second factor is on"),
        (N_("Since {when}, signing in as you asks for a code as well."), _IF_NOT_YOU),
        _ACTION,
    ),
    SecurityNotice.SECOND_FACTOR_OFF: Wording(
        N_("Your second factor is off"),
        (N_("Since {when}, signing in as you asks for your password only."), _IF_NOT_YOU),
        _ACTION,
    ),
    SecurityNotice.RECOVERY_CODES_RENEWED: Wording(
        N_("You have new recovery codes"),
        (N_("They were made on {when}; the old ones are good for nothing."), _IF_NOT_YOU),
        _ACTION,
    ),
    SecurityNotice.RECOVERY_CODE_USED: Wording(
        N_("A recovery code was used"),
        (
            N_("One of your recovery codes was used on {when}. It is good for nothing now."),
            _WHERE,
            _IF_NOT_YOU,
        ),
        _ACTION,
    ),
    SecurityNotice.TOKEN_REUSED: Wording(
        N_("One of your sessions was ended"),
        (
            N_("On {when}, a session of yours was used from two places: it was ended for both."),
            _WHERE,
            N_("Sign in again. If you share no device, reset your password too."),
        ),
        _ACTION,
    ),
    SecurityNotice.PROVIDER_LINKED: Wording(
        N_("Another way to sign in"),
        (
            N_("Since {when}, the sign-in of your organisation opens your account as well."),
            _WHERE,
            _IF_NOT_YOU,
        ),
        _ACTION,
    ),
    _RESET_WORDING: Wording(
        N_("Reset your password"),
        (
            _ASKED,
            N_("The link is good for {minutes} minutes, and once."),
            N_("If that was not you, there is nothing to do: your password stays what it is."),
        ),
        N_("Choose another password:"),
    ),
    _NO_PASSWORD_WORDING: Wording(
        N_("You sign in without a password"),
        (
            _ASKED,
            N_("You have none here: you sign in through your organisation, which keeps it."),
            N_("If that was not you, there is nothing to do."),
        ),
        N_("Sign in:"),
    ),
}


@dataclass(frozen=True, slots=True)
class SecurityLetters:
    """Composes them. The token of a reset is made here: it is in no event and no queue."""

    sealer: Sealer
    tokens: MailedTokens

    @property
    def composers(self) -> Mapping[str, Composer]:
        """By topic."""
        return {
            SecurityNoticed.topic: self.notice,
            PasswordResetAsked.topic: self.password_reset,
        }

    async def notice(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To the person, whatever mails they chose to get."""
        said = event.payload
        people = await recipients(session, [UUID(said["user_id"])], NotificationKind.SECURITY)
        link = Link(_SECURITY_PAGE)
        return [Letter(to, said["notice"], _params(to, said), link) for to in people]

    async def password_reset(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To whoever has the address: a link, or where they sign in who have no password."""
        try:
            sealed = base64.b64decode(event.payload["sealed_email"])
            email_key = self.sealer.open(sealed, SEALED_FOR).decode()
        except Unsealable:
            return []  # asked before the service's secret was replaced: ask again
        user = await _person(session, email_key)
        if user is None:
            return []
        if not await _has_password(session, user):
            return [Letter(recipient(user), _NO_PASSWORD_WORDING)]
        asked_at = datetime.fromisoformat(event.payload["at"])
        token = self.tokens.token(_TOKEN_PURPOSE, event.id)
        session.add(
            PasswordReset(
                token_hash=hash_of(token),
                user_id=user.id,
                expires_at=asked_at + RESET_LIFETIME,
                created_at=asked_at,
            )
        )
        params = {"minutes": str(int(RESET_LIFETIME.total_seconds()) // 60)}
        link = Link(_RESET_PAGE, _TOKEN_PURPOSE, event.id)
        return [Letter(recipient(user), _RESET_WORDING, params, link)]


async def _person(session: AsyncSession, email_key: str) -> User | None:
    found: User | None = await session.scalar(
        select(User).where(User.email_key == email_key, User.state == UserState.ACTIVE)
    )
    return found


async def _has_password(session: AsyncSession, user: User) -> bool:
    credential = await session.get(Credential, user.id)
    return credential is not None and credential.password_hash is not None


def _params(to: Recipient, said: Mapping[str, str | None]) -> dict[str, str]:
    at = datetime.fromisoformat(said["at"] or "")
    return {
        "when": f"{format_date(at.date(), to.locale)} {at:%H:%M} UTC",
        "program": program_of(said["user_agent"]) or _UNKNOWN,
        "address": said["address"] or _UNKNOWN,
    }
