"""What machine clients may do: never more than who created them may do, at this moment."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from services.identity import capabilities
from services.identity.models import (
    Account,
    ApiClient,
    Membership,
    MembershipState,
    Session,
    User,
    UserState,
)


async def scopes_of(session: AsyncSession, client: ApiClient) -> frozenset[Capability]:
    """What is left of the client's scopes; nothing without a creator who may act in its account."""
    if client.account_id is None:
        return capabilities.DASHBOARD.intersection(client.scopes)
    if client.created_by_id is None:
        return frozenset()
    held = await held_in(session, client.created_by_id, client.account_id)
    return capabilities.of_machine(client.scopes, held)


def narrowed(scopes: frozenset[Capability], of: Session) -> frozenset[Capability]:
    """What a session of the client has of them: it may have asked for less."""
    return scopes if of.scopes is None else scopes.intersection(of.scopes)


async def held_in(session: AsyncSession, user_id: UUID, account_id: UUID) -> frozenset[Capability]:
    """What a person may do as a member of the account, now. Nothing, when they are none."""
    found = await session.execute(
        select(Membership, Account.status)
        .join(Account, Account.id == Membership.account_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.account_id == account_id,
            Membership.user_id == user_id,
            Membership.state == MembershipState.ACTIVE,
            User.state == UserState.ACTIVE,
        )
    )
    row = found.one_or_none()
    if row is None:
        return frozenset()
    membership, status = row
    held = capabilities.of_member(membership.role, case_administrator=membership.case_administrator)
    return capabilities.left_by(status, held)
