"""Members: what they may do, and whether they still are."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound, VersionConflict
from kit.ids import to_global
from kit.outbox import Event, record
from services.identity import capabilities
from services.identity.authentication import sessions
from services.identity.errors import MemberAbove, RoleTooHigh, WrongRole, WrongState
from services.identity.events import MemberRemoved, MemberRestored, MemberSuspended, RoleChanged
from services.identity.models import Account, Membership, MembershipState, Role
from services.identity.rights.accounts import locked_account, require_administrator
from services.identity.rights.act import Act, announce, audit
from services.identity.rights.invitations import revoke_those_of


async def change_role(
    session: AsyncSession,
    membership_id: UUID,
    *,
    role: Role,
    case_administrator: bool,
    expected_version: int,
    act: Act,
) -> Membership:
    """Give a member another role. To give the one they have changes nothing.

    Raises `NotFound`, `WrongState`, `VersionConflict`, `MemberAbove`, `WrongRole`, `RoleTooHigh`,
    `LastAdministrator`.
    """
    membership, account = await _locked_membership(session, membership_id)
    if membership.state is MembershipState.REMOVED:
        raise WrongState
    if membership.version != expected_version:
        raise VersionConflict(membership.version)
    _require_reach(act, membership)
    require_grantable(account, role, case_administrator=case_administrator, act=act)
    before = described(membership.role, case_administrator=membership.case_administrator)
    after = described(role, case_administrator=case_administrator)
    if before == after:
        return membership
    membership.role, membership.case_administrator = role, case_administrator
    membership.version += 1
    await require_administrator(session, account)
    granted = capabilities.of_member(role, case_administrator=case_administrator)
    await revoke_those_of(session, account.id, membership.user_id, beyond=granted, act=act)
    audit_membership(session, membership, act, "membership.role-changed", after)
    record(
        session,
        RoleChanged(
            membership_id=membership.id,
            account_id=account.id,
            user_id=membership.user_id,
            before=before,
            after=after,
        ),
    )
    await announce(session, [membership.user_id])
    return membership


async def suspend_member(session: AsyncSession, membership_id: UUID, *, act: Act) -> Membership:
    """Take a member's rights for a time.

    Raises `NotFound`, `WrongState`, `MemberAbove`, `LastAdministrator`.
    """
    membership, account = await _locked_membership(session, membership_id)
    if membership.state is not MembershipState.ACTIVE:
        raise WrongState
    _require_reach(act, membership)
    membership.state = MembershipState.SUSPENDED
    membership.version += 1
    await require_administrator(session, account)
    await revoke_those_of(session, account.id, membership.user_id, act=act)
    audit_membership(session, membership, act, "membership.suspended")
    record(session, _about(MemberSuspended, membership))
    await announce(session, [membership.user_id])
    return membership


async def restore_member(session: AsyncSession, membership_id: UUID, *, act: Act) -> Membership:
    """Give a suspended member their rights back. Raises `NotFound`, `WrongState`, `MemberAbove`."""
    membership, _ = await _locked_membership(session, membership_id)
    if membership.state is not MembershipState.SUSPENDED:
        raise WrongState
    if not capabilities.may_grant(act.holds, _held_by(membership)):
        raise MemberAbove
    membership.state = MembershipState.ACTIVE
    membership.version += 1
    audit_membership(session, membership, act, "membership.restored")
    record(session, _about(MemberRestored, membership))
    await announce(session, [membership.user_id])
    return membership


async def remove_members(
    session: AsyncSession, account_id: UUID, membership_ids: Iterable[UUID], *, act: Act
) -> list[Membership]:
    """Remove members for good and end their sessions: all of them or, refused, none.

    Raises `NotFound`, `WrongState`, `MemberAbove`, `LastAdministrator`.
    """
    account = await locked_account(session, account_id)
    wanted = set(membership_ids)
    rows = await session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, Membership.id.in_(wanted))
        .order_by(Membership.id)
    )
    removed = list(rows)
    if len(removed) != len(wanted):
        raise NotFound
    for membership in removed:
        await _remove(session, account, membership, act)
    await require_administrator(session, account)
    people = [membership.user_id for membership in removed]
    await sessions.end_all_of(session, people, act.at)
    await announce(session, people)
    return removed


def require_grantable(account: Account, role: Role, *, case_administrator: bool, act: Act) -> None:
    """Raises `WrongRole` and `RoleTooHigh` unless the actor may give this role in the account."""
    if not capabilities.exists_in(account.kind, role):
        raise WrongRole(path=("role",))
    granted = capabilities.of_member(role, case_administrator=case_administrator)
    if not capabilities.may_grant(act.holds, granted):
        raise RoleTooHigh(path=("role",))


def described(role: Role, *, case_administrator: bool) -> str:
    """The role as logs and mails name it."""
    return f"{role} + CASE_ADMINISTRATOR" if case_administrator else role.value


def audit_membership(
    session: AsyncSession,
    membership: Membership,
    act: Act,
    action: str,
    detail: str | None = None,
) -> None:
    """Write an act on a member to the account's audit log."""
    target = to_global("mem", membership.id)
    audit(session, membership.account_id, act, action, target=target, detail=detail)


async def _remove(
    session: AsyncSession, account: Account, membership: Membership, act: Act
) -> None:
    if membership.state is MembershipState.REMOVED:
        raise WrongState
    _require_reach(act, membership)
    membership.state, membership.removed_at = MembershipState.REMOVED, act.at
    membership.version += 1
    if account.billing_contact_id == membership.user_id:
        account.billing_contact_id = None
        account.version += 1
    await revoke_those_of(session, account.id, membership.user_id, act=act)
    audit_membership(session, membership, act, "membership.removed")
    record(session, _about(MemberRemoved, membership))


def _require_reach(act: Act, membership: Membership) -> None:
    """Raises `MemberAbove` for those who manage members themselves and hold more."""
    held = _held_by(membership)
    if Capability.MEMBER_MANAGE in held and not capabilities.may_grant(act.holds, held):
        raise MemberAbove


def _held_by(membership: Membership) -> frozenset[Capability]:
    return capabilities.of_member(membership.role, case_administrator=membership.case_administrator)


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


def _about(
    fact: type[MemberRemoved | MemberRestored | MemberSuspended], membership: Membership
) -> Event:
    return fact(
        membership_id=membership.id,
        account_id=membership.account_id,
        user_id=membership.user_id,
    )
