"""Accounts: their status, their administrators, and the lock under which rights change.

Each change locks the account first, so that two at once cannot each rely on the other's
administrator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound, VersionConflict
from services.identity import capabilities
from services.identity.errors import LastAdministrator, NotAMember, WrongState
from services.identity.models import (
    Account,
    AccountStatus,
    Address,
    ApiClient,
    Membership,
    MembershipState,
    PartnerRelation,
    User,
    UserState,
)
from services.identity.rights.act import Act, announce, audit

#: FOR NO KEY UPDATE: rows that name the locked one can still be written. Whoever changes a person
#: and writes it down in accounts would otherwise block whoever does the reverse.
WITHOUT_KEY: Final[Any] = {"key_share": True}

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
    await announce(session, await _whoever_reaches(session, account_id))
    return account


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What shall be different, by column; an address has been checked."""

    values: Mapping[str, Address | UUID | None]


async def edit_account(
    session: AsyncSession,
    account: Account,
    changes: AccountChanges,
    *,
    expected_version: int,
    act: Act,
) -> Account:
    """Change addresses and billing contact of an account that is locked. What is already so
    changes nothing.

    Raises `WrongState`, `VersionConflict`, `NotAMember`.
    """
    if account.status is AccountStatus.CLOSED:
        raise WrongState
    if account.version != expected_version:
        raise VersionConflict(account.version)
    contact_id = changes.values.get("billing_contact_id")
    if isinstance(contact_id, UUID) and not await is_active_member(session, account.id, contact_id):
        raise NotAMember(path=("billingContactId",))
    different = [name for name, value in changes.values.items() if getattr(account, name) != value]
    for name in different:
        setattr(account, name, changes.values[name])
    if different:
        account.version += 1
        audit(session, account.id, act, "account.edited", detail=", ".join(sorted(different)))
    return account


async def locked_account(session: AsyncSession, account_id: UUID) -> Account:
    """The account, which nobody else changes until the transaction ends. Raises `NotFound`."""
    account = await session.get(Account, account_id, with_for_update=WITHOUT_KEY)
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


async def is_active_member(session: AsyncSession, account_id: UUID, user_id: UUID) -> bool:
    """Whether the person may act in the account as its member."""
    found = await session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.account_id == account_id,
            Membership.user_id == user_id,
            Membership.state == MembershipState.ACTIVE,
            User.state == UserState.ACTIVE,
        )
    )
    return found is not None


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
