"""Giving an administrator back to an account that lost its own.

Staff cannot make themselves or anybody administrator: one asks, two others approve, and every
member hears of it, both times.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.emails import email_key
from kit.errors import NotFound
from kit.ids import to_global
from kit.notices.tokens import MailedTokens
from kit.outbox import record
from services.identity import capabilities
from services.identity.errors import AlreadyMember, OwnRequest, WrongState
from services.identity.events import AdministratorRestored, RestorationRequested
from services.identity.models import (
    Account,
    AccountStatus,
    AdministratorRestoration,
    Invitation,
    Membership,
    MembershipState,
    RestorationApproval,
    RestorationState,
    Role,
    User,
)
from services.identity.rights.accounts import locked_account
from services.identity.rights.act import Act, audit
from services.identity.rights.invitations import NewInvitation, invite, revoke
from services.identity.rights.members import change_role, restore_member

#: Members of staff who must agree, the one who asked not counted.
APPROVALS: Final = 2
_LIFETIME: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who shall administer the account, in words that have been checked."""

    first_name: str
    last_name: str
    email: str


async def request_restoration(
    session: AsyncSession, account: Account, candidate: Candidate, reason: str, *, act: Act
) -> AdministratorRestoration:
    """Ask for it; the account is locked. Raises `WrongState`, `AlreadyMember`, `OwnRequest`.

    Refused while another request for the account is pending.
    """
    if account.status is not AccountStatus.ACTIVE or act.actor_id is None:
        raise WrongState
    if await _pending(session, account.id, act) is not None:
        raise WrongState
    key = email_key(candidate.email)
    membership = await _membership(session, account.id, key)
    if membership is not None and membership.administers:
        raise AlreadyMember(path=("email",))
    if await _is_candidate(session, act.actor_id, key):
        raise OwnRequest
    restoration = AdministratorRestoration(
        account_id=account.id,
        email=candidate.email,
        email_key=key,
        first_name=candidate.first_name,
        last_name=candidate.last_name,
        reason=reason,
        requested_by_id=act.actor_id,
        created_at=act.at,
        expires_at=act.at + _LIFETIME,
    )
    session.add(restoration)
    _audit(session, restoration, act, "administrator-restoration.requested", reason)
    record(session, RestorationRequested(restoration_id=restoration.id, account_id=account.id))
    return restoration


async def approve_restoration(
    session: AsyncSession, restoration_id: UUID, *, tokens: MailedTokens, act: Act
) -> AdministratorRestoration:
    """Agree; with the last approval that it takes, it is done.

    Raises `NotFound`, `WrongState`, `OwnRequest`.
    """
    restoration = await locked_restoration(session, restoration_id)
    if restoration.state_at(act.at) is not RestorationState.PENDING or act.actor_id is None:
        raise WrongState
    approvers = set(
        await session.scalars(
            select(RestorationApproval.user_id).where(
                RestorationApproval.restoration_id == restoration.id
            )
        )
    )
    is_involved = act.actor_id in {restoration.requested_by_id, *approvers}
    if is_involved or await _is_candidate(session, act.actor_id, restoration.email_key):
        raise OwnRequest
    session.add(RestorationApproval(restoration_id=restoration.id, user_id=act.actor_id, at=act.at))
    _audit(session, restoration, act, "administrator-restoration.approved")
    if len(approvers) + 1 >= APPROVALS:
        await _restore(session, restoration, tokens, act)
    return restoration


async def locked_restoration(
    session: AsyncSession, restoration_id: UUID
) -> AdministratorRestoration:
    """The request, behind its account's lock. Raises `NotFound`."""
    account_id = await session.scalar(
        select(AdministratorRestoration.account_id).where(
            AdministratorRestoration.id == restoration_id
        )
    )
    if account_id is None:
        raise NotFound
    await locked_account(session, account_id)
    return await session.get_one(AdministratorRestoration, restoration_id, populate_existing=True)


async def _restore(
    session: AsyncSession, restoration: AdministratorRestoration, tokens: MailedTokens, act: Act
) -> None:
    # What is granted comes from the approvals, not from what the last of them holds.
    granting = Act(act.actor_id, act.at, capabilities.ROLES[Role.ADMINISTRATOR])
    account = await session.get_one(Account, restoration.account_id)
    if account.status is not AccountStatus.ACTIVE:
        raise WrongState
    membership = await _membership(session, account.id, restoration.email_key)
    if membership is None:
        await _invite(session, account, restoration, tokens, granting)
    else:
        await _promote(session, membership, granting)
    restoration.done_at = act.at
    _audit(session, restoration, act, "administrator-restoration.done")
    record(session, AdministratorRestored(restoration_id=restoration.id, account_id=account.id))


async def _promote(session: AsyncSession, membership: Membership, granting: Act) -> None:
    if membership.state is MembershipState.SUSPENDED:
        membership = await restore_member(session, membership.id, act=granting)
    await change_role(
        session,
        membership.id,
        role=Role.ADMINISTRATOR,
        case_administrator=membership.case_administrator,
        expected_version=membership.version,
        act=granting,
    )


async def _invite(
    session: AsyncSession,
    account: Account,
    restoration: AdministratorRestoration,
    tokens: MailedTokens,
    granting: Act,
) -> None:
    earlier = await session.scalars(
        select(Invitation.id).where(
            Invitation.account_id == account.id,
            Invitation.email_key == restoration.email_key,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
    )
    for invitation_id in earlier.all():
        await revoke(session, invitation_id, act=granting)
    new = NewInvitation(
        first_name=restoration.first_name,
        last_name=restoration.last_name,
        email=restoration.email,
        role=Role.ADMINISTRATOR,
    )
    await invite(session, account, new, tokens=tokens, act=granting)


async def _pending(
    session: AsyncSession, account_id: UUID, act: Act
) -> AdministratorRestoration | None:
    return await session.scalar(
        select(AdministratorRestoration).where(
            AdministratorRestoration.account_id == account_id,
            AdministratorRestoration.done_at.is_(None),
            AdministratorRestoration.expires_at > act.at,
        )
    )


async def _membership(session: AsyncSession, account_id: UUID, key: str) -> Membership | None:
    return await session.scalar(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            User.email_key == key,
            Membership.account_id == account_id,
            Membership.state != MembershipState.REMOVED,
        )
    )


async def _is_candidate(session: AsyncSession, user_id: UUID, key: str) -> bool:
    """Whether the person would become administrator themselves."""
    user = await session.get(User, user_id)
    return user is not None and user.email_key == key


def _audit(
    session: AsyncSession,
    restoration: AdministratorRestoration,
    act: Act,
    action: str,
    detail: str | None = None,
) -> None:
    target = to_global("rst", restoration.id)
    audit(session, restoration.account_id, act, action, target=target, detail=detail)
