"""Accounts: their status, their administrators, and the lock under which rights change.

Each change locks the account first, so that two at once cannot each rely on the other's
administrator.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound
from services.identity import capabilities
from services.identity.errors import LastAdministrator
from services.identity.models import (
    Account,
    AccountStatus,
    ApiClient,
    Membership,
    MembershipState,
    PartnerRelation,
    User,
    UserState,
)
from services.identity.rights.act import Act, announce, audit

#: The roles that may bring others into an account.
_ADMINISTRATORS: Final = tuple(
    role for role, held in capabilities.ROLES.items() if Capability.MEMBER_MANAGE in held
)


async def change_account_status(
    session: AsyncSession, account_id: UUID, status: AccountStatus, *, act: Act
) -> Account:
    """Suspend, close or reopen an account. Raises `NotFound`, `LastAdministrator`."""
    account = await locked_account(session, account_id)
    account.status = status
    account.version += 1
    await require_administrator(session, account)
    audit(session, account_id, act, "account.status-changed", detail=status.value)
    announce(session, await _whoever_reaches(session, account_id))
    return account


async def locked_account(session: AsyncSession, account_id: UUID) -> Account:
    """The account, which nobody else changes until the transaction ends. Raises `NotFound`."""
    account = await session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    return account


async def require_administrator(session: AsyncSession, account: Account) -> None:
    """Raises `LastAdministrator` when an active account has none left.

    Counted after the change, inside its transaction, under the account's lock.
    """
    if account.status is not AccountStatus.ACTIVE:
        return
    await session.flush()
    left = await session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.account_id == account.id,
            Membership.role.in_(_ADMINISTRATORS),
            Membership.state == MembershipState.ACTIVE,
            User.state == UserState.ACTIVE,
        )
    )
    if not left:
        raise LastAdministrator


async def people_of(session: AsyncSession, *account_ids: UUID) -> set[UUID]:
    """The active members of these accounts."""
    rows = await session.scalars(
        select(Membership.user_id).where(
            Membership.account_id.in_(account_ids), Membership.state == MembershipState.ACTIVE
        )
    )
    return set(rows)


async def _whoever_reaches(session: AsyncSession, account_id: UUID) -> set[UUID]:
    partners = await session.scalars(
        select(PartnerRelation.partner_id).where(PartnerRelation.account_id == account_id)
    )
    clients = await session.scalars(select(ApiClient.id).where(ApiClient.account_id == account_id))
    return {*await people_of(session, account_id, *partners), *clients}
