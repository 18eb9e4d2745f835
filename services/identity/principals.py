"""Principals: what the person or machine behind a session may do, right now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability, PrincipalKind
from kit.principal import Principal
from services.identity import capabilities
from services.identity.machines import narrowed, scopes_of
from services.identity.models import (
    Account,
    AccountKind,
    ApiClient,
    Desk,
    Membership,
    MembershipState,
    PartnerRelation,
    Session,
    StaffAssignment,
    User,
    UserState,
)

#: For how long work without a session has the rights it began with.
_WORK: Final = timedelta(minutes=1)
#: Rights that were told to others are told again after this, if nothing changes before.
_LONGEST: Final = timedelta(days=30)


async def principal_of(session: AsyncSession, session_id: UUID, now: datetime) -> Principal | None:
    """The principal of a living session; None when it has ended, or its holder is suspended."""
    found = await session.get(Session, session_id)
    if found is None or not found.lives_at(now):
        return None
    if found.user_id is not None:
        return await _person(session, found, found.user_id, now)
    return await _machine(session, found, now)


async def principal_again(
    session: AsyncSession, earlier: Principal, now: datetime
) -> Principal | None:
    """The same person or machine with the rights of this moment, though the session has ended:
    for work that goes on without them. None when nobody knows the session any more, or its holder
    is suspended, revoked or gone."""
    found = await session.get(Session, earlier.session_id) if earlier.session_id else None
    if found is None:
        return None
    lasting = Session(
        id=found.id,
        user_id=found.user_id,
        api_client_id=found.api_client_id,
        scopes=found.scopes,
        expires_at=now + _WORK,
    )
    if found.user_id is not None:
        return await _person(session, lasting, found.user_id, now)
    return await _machine(session, lasting, now)


async def principal_without_session(
    session: AsyncSession, user_id: UUID, now: datetime
) -> Principal | None:
    """A person's rights until they change, or until some end or begin by themselves: for what is
    done by mail. None for people who are suspended or gone."""
    lasting = Session(user_id=user_id, expires_at=now + _LONGEST)
    found = await _person(session, lasting, user_id, now)
    return replace(found, session_id=None, proven_until=None) if found is not None else None


@dataclass(slots=True)
class _Rights:
    """Rights as they are collected, and the moments at which some begin or end by themselves."""

    now: datetime
    accounts: dict[UUID, frozenset[Capability]] = field(default_factory=dict)
    turns: list[datetime] = field(default_factory=list)

    def grant(self, account: Account, held: frozenset[Capability]) -> None:
        left = capabilities.left_by(account.status, held)
        if left:
            self.accounts[account.id] = self.accounts.get(account.id, frozenset()) | left

    def turn_at(self, *moments: datetime | None) -> None:
        self.turns.extend(each for each in moments if each is not None and each > self.now)


async def _person(
    session: AsyncSession, of: Session, user_id: UUID, now: datetime
) -> Principal | None:
    user = await session.get(User, user_id)
    if user is None or user.state is not UserState.ACTIVE:
        return None
    desks = await _desks(session, user_id)
    memberships = await _memberships(session, user_id)
    rights = _Rights(now)
    rights.turn_at(of.end)
    for each, account in memberships:
        held = capabilities.of_member(each.role, case_administrator=each.case_administrator)
        rights.grant(account, held)
    await _grant_customers(session, memberships, rights)
    return Principal(
        kind=_kind(desks, memberships),
        id=user.id,
        session_id=of.id,
        accounts=rights.accounts,
        everywhere=capabilities.of_staff(desks),
        queues=frozenset(filter(None, map(capabilities.QUEUES.get, desks))),
        locale=user.locale,
        valid_until=min(rights.turns),
        proven_until=of.proven_until,
    )


async def _desks(session: AsyncSession, user_id: UUID) -> Sequence[Desk]:
    rows = await session.scalars(
        select(StaffAssignment.desk).where(StaffAssignment.user_id == user_id)
    )
    return rows.all()


Memberships = Sequence[tuple[Membership, Account]]


async def _memberships(session: AsyncSession, user_id: UUID) -> Memberships:
    rows = await session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.user_id == user_id, Membership.state == MembershipState.ACTIVE)
    )
    return [(membership, account) for membership, account in rows]


async def _grant_customers(
    session: AsyncSession, memberships: Memberships, rights: _Rights
) -> None:
    """What the person may do for the customers of their partner accounts."""
    partners = {
        account.id: (membership, account)
        for membership, account in memberships
        if account.kind is AccountKind.PARTNER
    }
    if not partners:
        return
    today = rights.now.date()
    rows = await session.execute(
        select(PartnerRelation, Account)
        .join(Account, Account.id == PartnerRelation.account_id)
        .where(
            PartnerRelation.partner_id.in_(partners),
            or_(PartnerRelation.until.is_(None), PartnerRelation.until >= today),
        )
    )
    for relation, customer in rows:
        membership, partner = partners[relation.partner_id]
        rights.turn_at(relation.begins, relation.ends)
        if relation.holds_at(rights.now):
            held = capabilities.of_partner(membership.role, relation.scope)
            rights.grant(customer, capabilities.left_by(partner.status, held))


def _kind(desks: Iterable[Desk], memberships: Memberships) -> PrincipalKind:
    if any(desks):
        return PrincipalKind.STAFF
    if any(account.kind is AccountKind.PARTNER for _, account in memberships):
        return PrincipalKind.PARTNER
    return PrincipalKind.CUSTOMER


async def _machine(session: AsyncSession, of: Session, now: datetime) -> Principal | None:
    client = await session.get(ApiClient, of.api_client_id)
    if client is None or not client.lives_at(now):
        return None
    rights = _Rights(now)
    rights.turn_at(of.end, client.expires_at)
    held = narrowed(await scopes_of(session, client), of)
    if client.account_id is not None:
        account = await session.get_one(Account, client.account_id)
        rights.grant(account, held)
    return Principal(
        kind=PrincipalKind.MACHINE,
        id=client.id,
        session_id=of.id,
        accounts=rights.accounts,
        everywhere=held if client.account_id is None else frozenset(),
        valid_until=min(rights.turns),
    )
