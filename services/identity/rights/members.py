"""Members: what they may do, and whether they still are."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import NotFound, VersionConflict
from kit.ids import to_global
from services.identity import capabilities
from services.identity.authentication import sessions
from services.identity.errors import RoleTooHigh, WrongRole, WrongState
from services.identity.models import Account, Membership, MembershipState, Role
from services.identity.rights.accounts import locked_account, require_administrator
from services.identity.rights.act import Act, announce, audit


async def change_role(
    session: AsyncSession,
    membership_id: UUID,
    *,
    role: Role,
    case_administrator: bool,
    expected_version: int,
    act: Act,
) -> Membership:
    """Give a member another role.

    Raises `NotFound`, `WrongState`, `VersionConflict`, `WrongRole`, `RoleTooHigh`,
    `LastAdministrator`.
    """
    membership, account = await _locked_membership(session, membership_id)
    if membership.state is MembershipState.REMOVED:
        raise WrongState
    if membership.version != expected_version:
        raise VersionConflict(membership.version)
    if not capabilities.exists_in(account.kind, role):
        raise WrongRole(path=("role",))
    granted = capabilities.of_member(role, case_administrator=case_administrator)
    if not capabilities.may_grant(act.holds, granted):
        raise RoleTooHigh(path=("role",))
    membership.role, membership.case_administrator = role, case_administrator
    membership.version += 1
    await require_administrator(session, account)
    _audit_membership(session, membership, act, "membership.role-changed", role.value)
    announce(session, [membership.user_id])
    return membership


async def suspend_member(session: AsyncSession, membership_id: UUID, *, act: Act) -> Membership:
    """Take a member's rights for a time. Raises `NotFound`, `WrongState`, `LastAdministrator`."""
    membership, account = await _locked_membership(session, membership_id)
    if membership.state is not MembershipState.ACTIVE:
        raise WrongState
    membership.state = MembershipState.SUSPENDED
    membership.version += 1
    await require_administrator(session, account)
    _audit_membership(session, membership, act, "membership.suspended")
    announce(session, [membership.user_id])
    return membership


async def remove_members(
    session: AsyncSession, account_id: UUID, membership_ids: Iterable[UUID], *, act: Act
) -> list[Membership]:
    """Remove members for good and end their sessions: all of them or, refused, none.

    Raises `NotFound`, `WrongState`, `LastAdministrator`.
    """
    account = await locked_account(session, account_id)
    wanted = set(membership_ids)
    rows = await session.scalars(
        select(Membership).where(Membership.account_id == account_id, Membership.id.in_(wanted))
    )
    removed = list(rows)
    if len(removed) != len(wanted):
        raise NotFound
    for membership in removed:
        if membership.state is MembershipState.REMOVED:
            raise WrongState
        membership.state, membership.removed_at = MembershipState.REMOVED, act.at
        membership.version += 1
        _audit_membership(session, membership, act, "membership.removed")
    await require_administrator(session, account)
    people = [membership.user_id for membership in removed]
    await sessions.end_all_of(session, people, act.at)
    announce(session, people)
    return removed


async def _locked_membership(
    session: AsyncSession, membership_id: UUID
) -> tuple[Membership, Account]:
    account_id = await session.scalar(
        select(Membership.account_id).where(Membership.id == membership_id)
    )
    if account_id is None:
        raise NotFound
    account = await locked_account(session, account_id)
    return await session.get_one(Membership, membership_id, populate_existing=True), account


def _audit_membership(
    session: AsyncSession,
    membership: Membership,
    act: Act,
    action: str,
    detail: str | None = None,
) -> None:
    target = to_global("mem", membership.id)
    audit(session, membership.account_id, act, action, target=target, detail=detail)
