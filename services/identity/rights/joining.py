"""Becoming a member: the holder of an invited address accepts, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.outbox import record
from services.identity import capabilities
from services.identity.authentication.sessions import hash_of
from services.identity.errors import AlreadyMember, InvitationOver, OtherRecipient
from services.identity.events import MemberJoined
from services.identity.models import (
    Account,
    AccountStatus,
    Invitation,
    InvitationState,
    Membership,
    MembershipState,
    User,
)
from services.identity.rights.accounts import locked_account
from services.identity.rights.act import Act, announce
from services.identity.rights.members import audit_membership, described


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that can be accepted, and the account that it is to."""

    invitation: Invitation
    account: Account


async def offered(session: AsyncSession, token: str, now: datetime) -> Offer:
    """What the token offers, behind the account's lock until the transaction ends.

    Raises `InvitationOver` for a token that is wrong, used, revoked or too old alike.
    """
    hashed = hash_of(token)
    account_id = await session.scalar(
        select(Invitation.account_id).where(Invitation.token_hash == hashed)
    )
    if account_id is None:
        raise InvitationOver
    account = await locked_account(session, account_id)
    # Asked again under the lock: it may have been accepted, revoked or sent anew meanwhile.
    invitation = await session.scalar(select(Invitation).where(Invitation.token_hash == hashed))
    if invitation is None or invitation.state_at(now) is not InvitationState.PENDING:
        raise InvitationOver
    if account.status is not AccountStatus.ACTIVE:
        raise InvitationOver
    return Offer(invitation, account)


async def accept(session: AsyncSession, offer: Offer, user: User, now: datetime) -> Membership:
    """The person is a member. Raises `OtherRecipient`, `AlreadyMember`."""
    invitation = offer.invitation
    if user.email_key != invitation.email_key:
        raise OtherRecipient
    if await membership_of(session, offer.account.id, user.id) is not None:
        raise AlreadyMember
    membership = Membership(
        account_id=offer.account.id,
        user_id=user.id,
        role=invitation.role,
        case_administrator=invitation.case_administrator,
        created_at=now,
    )
    session.add(membership)
    invitation.accepted_at = now
    await session.flush()
    _audit_joining(session, membership, now)
    record(
        session,
        MemberJoined(
            membership_id=membership.id,
            account_id=membership.account_id,
            user_id=user.id,
            email=user.email,
            role=described(membership.role, case_administrator=membership.case_administrator),
            key_group_ids=tuple(map(str, invitation.key_group_ids)),
        ),
    )
    await announce(session, [user.id])
    return membership


async def membership_of(
    session: AsyncSession, account_id: UUID, user_id: UUID
) -> Membership | None:
    """The person's membership in the account, suspended ones too."""
    return await session.scalar(
        select(Membership).where(
            Membership.account_id == account_id,
            Membership.user_id == user_id,
            Membership.state != MembershipState.REMOVED,
        )
    )


def _audit_joining(session: AsyncSession, membership: Membership, now: datetime) -> None:
    held = capabilities.of_member(membership.role, case_administrator=membership.case_administrator)
    act = Act(actor_id=membership.user_id, at=now, holds=held)
    audit_membership(session, membership, act, "membership.joined", membership.role.value)
