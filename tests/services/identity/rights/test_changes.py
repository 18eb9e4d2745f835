"""Changes of rights: refused, audited and announced."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.database import Database
from kit.errors import DomainError, NotFound, VersionConflict
from kit.ids import new_id, to_global
from kit.outbox import OutboxRow
from services.identity.capabilities import ROLES
from services.identity.errors import (
    InvalidPeriod,
    LastAdministrator,
    NoPartner,
    RoleTooHigh,
    WrongRole,
    WrongState,
)
from services.identity.events import PrincipalChanged, SessionEnded
from services.identity.models import (
    Account,
    AccountKind,
    AccountStatus,
    AuditEvent,
    Membership,
    MembershipState,
    Role,
    User,
)
from services.identity.rights import accounts, holders, members, partners
from services.identity.rights.act import Act
from tests.support.identity import (
    a_client,
    a_member,
    a_relation,
    a_session,
    a_user,
    an_account,
    kept,
    loaded,
)

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)

#: A change that the tests make in a transaction of its own.
Change = Callable[[AsyncSession], Awaitable[object]]


def an_act(role: Role = Role.ADMINISTRATOR) -> Act:
    return Act(actor_id=new_id(), at=datetime.now(UTC), holds=ROLES[role])


async def made(identity: Database, change: Change) -> None:
    async with identity.system() as session:
        await change(session)


async def refusal(identity: Database, change: Change) -> DomainError | None:
    try:
        await made(identity, change)
    except DomainError as error:
        return error
    return None


async def team(identity: Database, *roles: Role, **values: Any) -> tuple[Account, list[Membership]]:
    """An account whose members have these roles."""
    account = an_account(**values)
    people = [a_user() for _ in roles]
    memberships = [a_member(account, user, role) for user, role in zip(people, roles, strict=True)]
    await kept(identity, account, *people, *memberships)
    return account, memberships


async def announced(identity: Database, topic: str, key: str, id: UUID) -> int:
    """How often something was announced about this id."""
    async with identity.system() as session:
        rows = await session.scalars(
            select(OutboxRow.id).where(
                OutboxRow.topic == topic, OutboxRow.payload[key].astext == str(id)
            )
        )
        return len(rows.all())


async def principals_changed(identity: Database, *ids: UUID) -> list[int]:
    return [await announced(identity, PrincipalChanged.topic, "principal_id", id) for id in ids]


async def audited(identity: Database, account: Account) -> list[tuple[str, str | None]]:
    async with identity.system() as session:
        rows = await session.execute(
            select(AuditEvent.action, AuditEvent.target)
            .where(AuditEvent.account_id == account.id)
            .order_by(AuditEvent.id)
        )
        return [(action, target) for action, target in rows]


async def state_of(identity: Database, membership: Membership) -> Membership:
    async with identity.system() as session:
        return await session.get_one(Membership, membership.id)


def to_role(membership: Membership, role: Role, act: Act | None = None, version: int = 1) -> Change:
    return lambda session: members.change_role(
        session,
        membership.id,
        role=role,
        case_administrator=False,
        expected_version=version,
        act=act or an_act(),
    )


async def test_a_changed_role_is_audited_announced_and_versioned(identity: Database) -> None:
    account, (_, member) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    await made(identity, to_role(member, Role.BILLING))

    changed = await state_of(identity, member)
    assert (changed.role, changed.version) == (Role.BILLING, 2)
    assert await audited(identity, account) == [
        ("membership.role-changed", to_global("mem", member.id))
    ]
    assert await principals_changed(identity, member.user_id) == [1]


async def test_a_role_changed_meanwhile_is_refused_with_the_version(identity: Database) -> None:
    _, (_, member) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    refused = await refusal(identity, to_role(member, Role.BILLING, version=7))

    assert isinstance(refused, VersionConflict)
    assert (await state_of(identity, member)).role is Role.INDIVIDUAL


@pytest.mark.parametrize("role", [role for role in Role if not role.startswith("PARTNER")])
async def test_an_administrator_grants_every_role_of_a_customer(
    identity: Database, role: Role
) -> None:
    _, (_, member) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    await made(identity, to_role(member, role))

    assert (await state_of(identity, member)).role is role


async def test_nobody_grants_more_than_they_hold(identity: Database) -> None:
    _, (_, member) = await team(
        identity, Role.PARTNER_MANAGER, Role.PARTNER_AGENT, kind=AccountKind.PARTNER
    )
    manager = an_act(Role.PARTNER_MANAGER)

    refused = await refusal(identity, to_role(member, Role.ADMINISTRATOR, manager))

    assert isinstance(refused, RoleTooHigh)


async def test_a_customers_member_cannot_become_a_partners(identity: Database) -> None:
    _, (_, member) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    assert isinstance(await refusal(identity, to_role(member, Role.PARTNER_MANAGER)), WrongRole)


def removal(account: Account, *removed: Membership) -> Change:
    ids = [membership.id for membership in removed]
    return lambda session: members.remove_members(session, account.id, ids, act=an_act())


def suspension(member: Membership) -> Change:
    return lambda session: members.suspend_member(session, member.id, act=an_act())


def barring(member: Membership) -> Change:
    return lambda session: holders.suspend_user(session, member.user_id, act=an_act())


@pytest.mark.parametrize(
    "change",
    [
        lambda account, admin: to_role(admin, Role.INDIVIDUAL),
        lambda account, admin: removal(account, admin),
        lambda account, admin: suspension(admin),
        lambda account, admin: barring(admin),
    ],
    ids=["demotion", "removal", "suspension", "barring"],
)
async def test_the_last_administrator_stays(
    identity: Database, change: Callable[[Account, Membership], Change]
) -> None:
    account, (admin, _) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    refused = await refusal(identity, change(account, admin))

    assert isinstance(refused, LastAdministrator)
    assert (await state_of(identity, admin)).administers
    assert await audited(identity, account) == []
    assert await principals_changed(identity, admin.user_id) == [0]


async def test_two_administrators_removing_each_other_at_once_leave_one(
    identity: Database,
) -> None:
    account, (one, other) = await team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)

    refusals = await asyncio.gather(
        refusal(identity, removal(account, one)),
        refusal(identity, to_role(other, Role.INDIVIDUAL)),
    )

    assert sorted(type(each).__name__ for each in refusals) == ["LastAdministrator", "NoneType"]
    states = [await state_of(identity, one), await state_of(identity, other)]
    assert [each.administers for each in states].count(True) == 1


async def test_removing_all_administrators_removes_none(identity: Database) -> None:
    account, both = await team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)

    assert isinstance(await refusal(identity, removal(account, *both)), LastAdministrator)
    assert all([(await state_of(identity, each)).administers for each in both])


async def test_an_account_that_is_not_active_may_lose_its_last_administrator(
    identity: Database,
) -> None:
    account, (admin,) = await team(identity, Role.ADMINISTRATOR, status=AccountStatus.CLOSED)

    await made(identity, removal(account, admin))

    assert (await state_of(identity, admin)).state is MembershipState.REMOVED


async def test_a_removed_members_sessions_end_and_the_gateway_hears_of_it(
    identity: Database,
) -> None:
    account, (_, member) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    async with identity.system() as session:
        user = await session.get_one(User, member.user_id)
    session_id = (await a_session(identity, user)).id

    await made(identity, removal(account, member))

    assert await loaded(identity, session_id) is None
    assert await announced(identity, SessionEnded.topic, "session_id", session_id) == 1
    assert await principals_changed(identity, member.user_id) == [1]
    assert isinstance(await refusal(identity, removal(account, member)), WrongState)


async def test_a_member_of_another_account_is_not_found(identity: Database) -> None:
    account, _ = await team(identity, Role.ADMINISTRATOR)
    _, (_, stranger) = await team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    assert isinstance(await refusal(identity, removal(account, stranger)), NotFound)
    assert (await state_of(identity, stranger)).state is MembershipState.ACTIVE


async def test_whoever_reaches_an_account_hears_that_its_status_changed(
    identity: Database,
) -> None:
    account, (admin,) = await team(identity, Role.ADMINISTRATOR)
    partner, (manager,) = await team(identity, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER)
    _, (stranger,) = await team(identity, Role.ADMINISTRATOR)
    client = a_client(account, Capability.KEY_READ_ALL)
    await kept(identity, a_relation(account, partner), client)

    await made(
        identity,
        lambda session: accounts.change_account_status(
            session, account.id, AccountStatus.SUSPENDED, act=an_act()
        ),
    )

    people = [admin.user_id, manager.user_id, stranger.user_id]
    assert await principals_changed(identity, *people, client.id) == [1, 1, 0, 1]
    assert await audited(identity, account) == [("account.status-changed", None)]


async def test_a_partners_people_hear_that_a_relation_begins_and_ends(identity: Database) -> None:
    account, _ = await team(identity, Role.ADMINISTRATOR)
    partner, (manager,) = await team(identity, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER)

    async def begin_and_end(session: AsyncSession) -> None:
        relation = await partners.relate_partner(
            session,
            account.id,
            partner.id,
            partners.Terms(frozenset({Capability.ACCOUNT_READ}), TODAY - DAY, None),
            act=an_act(),
        )
        await partners.end_relation(session, relation.id, until=TODAY, act=an_act())

    await made(identity, begin_and_end)

    assert await principals_changed(identity, manager.user_id) == [2]
    assert [action for action, _ in await audited(identity, account)] == [
        "partner.related",
        "partner.relation-ended",
    ]


@pytest.mark.parametrize(
    ("kind", "until", "expected"),
    [
        (AccountKind.CUSTOMER, None, NoPartner),
        (AccountKind.PARTNER, TODAY - 2 * DAY, InvalidPeriod),
    ],
)
async def test_a_relation_that_cannot_be_is_refused(
    identity: Database, kind: AccountKind, until: Any, expected: type[DomainError]
) -> None:
    account, _ = await team(identity, Role.ADMINISTRATOR)
    partner, _ = await team(identity, Role.ADMINISTRATOR, kind=kind)

    refused = await refusal(
        identity,
        lambda session: partners.relate_partner(
            session,
            account.id,
            partner.id,
            partners.Terms(frozenset(), TODAY - DAY, until),
            act=an_act(),
        ),
    )

    assert isinstance(refused, expected)


async def test_a_suspended_persons_sessions_end(identity: Database) -> None:
    user = a_user()
    await kept(identity, user)
    session_id = (await a_session(identity, user)).id

    await made(identity, lambda session: holders.suspend_user(session, user.id, act=an_act()))

    assert await loaded(identity, session_id) is None
    assert await announced(identity, SessionEnded.topic, "session_id", session_id) == 1
