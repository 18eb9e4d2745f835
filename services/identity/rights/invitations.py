"""Invitations: asked, sent again, revoked, accepted once.

A person's pending invitations go with the rights that they were made with: who is removed,
suspended or demoted leaves no way back in behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.emails import email_key
from kit.errors import NotFound
from kit.ids import new_id, to_global
from kit.notices.tokens import MailedTokens
from kit.outbox import record
from services.identity import capabilities
from services.identity.authentication.sessions import hash_of
from services.identity.errors import (
    AlreadyInvited,
    AlreadyMember,
    NoGroups,
    RoleTooHigh,
    TooManyInvitations,
    WrongRole,
    WrongState,
)
from services.identity.events import InvitationSent
from services.identity.models import (
    Account,
    Invitation,
    InvitationState,
    Membership,
    MembershipState,
    Role,
    User,
)
from services.identity.rights.accounts import locked_account
from services.identity.rights.act import Act, audit

#: What the tokens in these mails are for.
TOKEN_PURPOSE: Final = "invitation"

_LIFETIME: Final = timedelta(days=7)
#: From one account.
_PER_HOUR: Final = 100
#: Of one invitation.
_PAUSE: Final = timedelta(minutes=1)
_MOST_SENDS: Final = 10


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Who is asked to be what, in words that have been checked."""

    first_name: str
    last_name: str
    email: str
    role: Role
    case_administrator: bool = False
    key_group_ids: Sequence[UUID] = ()

    @property
    def grants(self) -> frozenset[Capability]:
        """What the new member will hold."""
        return capabilities.of_member(self.role, case_administrator=self.case_administrator)


async def invite(
    session: AsyncSession, account: Account, new: NewInvitation, *, tokens: MailedTokens, act: Act
) -> Invitation:
    """Ask somebody to join the account, which is locked.

    Raises `WrongRole`, `RoleTooHigh`, `NoGroups`, `AlreadyMember`, `AlreadyInvited`,
    `TooManyInvitations`.
    """
    _require_grantable(account, new, act)
    key = email_key(new.email)
    await _require_stranger(session, account.id, key, act)
    await _require_pace(session, account.id, act)
    invitation = Invitation(
        account_id=account.id,
        email=new.email,
        email_key=key,
        first_name=new.first_name,
        last_name=new.last_name,
        role=new.role,
        case_administrator=new.case_administrator,
        key_group_ids=list(new.key_group_ids),
        token_hash=b"",
        invited_by_id=act.actor_id,
        expires_at=act.at,
        created_at=act.at,
    )
    _send(session, invitation, tokens, act)
    session.add(invitation)
    _audit(session, invitation, act, "membership.invited", new.role.value)
    return invitation


async def send_again(
    session: AsyncSession, invitation_id: UUID, *, tokens: MailedTokens, act: Act
) -> Invitation:
    """Another mail, in which alone the token is that works now.

    Raises `NotFound`, `WrongState`, `RoleTooHigh`, `AlreadyMember`, `AlreadyInvited`,
    `TooManyInvitations`.
    """
    invitation = await locked_invitation(session, invitation_id)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise WrongState
    if not capabilities.may_grant(act.holds, _granted_by(invitation)):
        raise RoleTooHigh
    account_id = invitation.account_id
    await _require_stranger(session, account_id, invitation.email_key, act, but=invitation.id)
    await _require_pace(session, account_id, act)
    too_soon = invitation.sent_at is not None and act.at < invitation.sent_at + _PAUSE
    if too_soon or invitation.sends >= _MOST_SENDS:
        raise TooManyInvitations
    invitation.sends += 1
    invitation.invited_by_id = act.actor_id
    _send(session, invitation, tokens, act)
    _audit(session, invitation, act, "invitation.sent-again")
    return invitation


async def revoke(session: AsyncSession, invitation_id: UUID, *, act: Act) -> Invitation:
    """The token works no more. Raises `NotFound`, `WrongState`."""
    invitation = await locked_invitation(session, invitation_id)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise WrongState
    _revoke(session, invitation, act)
    return invitation


async def revoke_those_of(
    session: AsyncSession,
    account_id: UUID,
    user_id: UUID,
    *,
    act: Act,
    beyond: frozenset[Capability] = frozenset(),
) -> None:
    """Revoke what a person, who now holds `beyond` in the account, could not ask any more."""
    rows = await session.scalars(
        select(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.invited_by_id == user_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.id)
        .with_for_update()
    )
    manages = Capability.MEMBER_MANAGE in beyond
    for invitation in rows.all():
        if not manages or not capabilities.may_grant(beyond, _granted_by(invitation)):
            _revoke(session, invitation, act)


async def locked_invitation(session: AsyncSession, invitation_id: UUID) -> Invitation:
    """The invitation, behind its account's lock. Raises `NotFound`."""
    account_id = await session.scalar(
        select(Invitation.account_id).where(Invitation.id == invitation_id)
    )
    if account_id is None:
        raise NotFound
    await locked_account(session, account_id)
    return await session.get_one(Invitation, invitation_id, populate_existing=True)


def _require_grantable(account: Account, new: NewInvitation, act: Act) -> None:
    if not capabilities.exists_in(account.kind, new.role):
        raise WrongRole(path=("role",))
    if not capabilities.may_grant(act.holds, new.grants):
        raise RoleTooHigh(path=("role",))
    if new.key_group_ids and Capability.KEY_MANAGE_GROUP not in new.grants:
        raise NoGroups(path=("keyGroupIds",))


async def _require_stranger(
    session: AsyncSession, account_id: UUID, key: str, act: Act, *, but: UUID | None = None
) -> None:
    """Raises `AlreadyMember`, and `AlreadyInvited` for another invitation than `but`."""
    member = await session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.account_id == account_id,
            Membership.state != MembershipState.REMOVED,
            User.email_key == key,
        )
    )
    if member is not None:
        raise AlreadyMember(path=("email",))
    made = await session.scalars(
        select(Invitation).where(Invitation.account_id == account_id, Invitation.email_key == key)
    )
    pending = [each.id for each in made if each.state_at(act.at) is InvitationState.PENDING]
    if any(id != but for id in pending):
        raise AlreadyInvited(path=("email",))


async def _require_pace(session: AsyncSession, account_id: UUID, act: Act) -> None:
    """Raises `TooManyInvitations` for an account that sent as many as it may lately."""
    last_sent = func.coalesce(Invitation.sent_at, Invitation.created_at)
    lately = await session.scalar(
        select(func.count(Invitation.id)).where(
            Invitation.account_id == account_id, last_sent > act.at - timedelta(hours=1)
        )
    )
    if (lately or 0) >= _PER_HOUR:
        raise TooManyInvitations


def _send(session: AsyncSession, invitation: Invitation, tokens: MailedTokens, act: Act) -> None:
    token_id = new_id()
    invitation.token_hash = hash_of(tokens.token(TOKEN_PURPOSE, token_id))
    invitation.sent_at, invitation.expires_at = act.at, act.at + _LIFETIME
    record(session, InvitationSent(invitation_id=invitation.id, token_id=token_id))


def _revoke(session: AsyncSession, invitation: Invitation, act: Act) -> None:
    invitation.revoked_at = act.at
    _audit(session, invitation, act, "invitation.revoked")


def _granted_by(invitation: Invitation) -> frozenset[Capability]:
    return capabilities.of_member(invitation.role, case_administrator=invitation.case_administrator)


def _audit(
    session: AsyncSession,
    invitation: Invitation,
    act: Act,
    action: str,
    detail: str | None = None,
) -> None:
    target = to_global("invt", invitation.id)
    audit(session, invitation.account_id, act, action, target=target, detail=detail)
