"""One change: who makes it, where it is written down, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.ids import to_global
from kit.outbox import record
from services.identity.events import PrincipalChanged
from services.identity.models import ApiClient, AuditEvent, Membership, MembershipState


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes something, when, and what they hold in the account at hand."""

    actor_id: UUID | None
    at: datetime
    holds: frozenset[Capability]


def audit(
    session: AsyncSession,
    account_id: UUID,
    act: Act,
    action: str,
    *,
    target: str | None = None,
    detail: str | None = None,
) -> None:
    """Write the act to the account's audit log. `target` is a global id."""
    session.add(
        AuditEvent(
            account_id=account_id,
            at=act.at,
            actor_id=act.actor_id,
            action=action,
            target=target,
            detail=detail,
        )
    )


async def audit_person(
    session: AsyncSession, user_id: UUID, action: str, *, at: datetime, detail: str | None = None
) -> None:
    """Write what a person changed of themself to the audit log of each account of theirs."""
    act = Act(actor_id=user_id, at=at, holds=frozenset())
    accounts = await session.scalars(
        select(Membership.account_id).where(
            Membership.user_id == user_id, Membership.state != MembershipState.REMOVED
        )
    )
    for account_id in accounts.all():
        audit(session, account_id, act, action, target=to_global("user", user_id), detail=detail)


async def announce(session: AsyncSession, principal_ids: Iterable[UUID]) -> None:
    """The rights of these people and machine clients have changed, and with theirs those of the
    clients they created, which never have more than their creator."""
    changed = set(principal_ids)
    created = await session.scalars(
        select(ApiClient.id).where(
            ApiClient.created_by_id.in_(changed), ApiClient.revoked_at.is_(None)
        )
    )
    for principal_id in sorted(changed.union(created)):
        record(session, PrincipalChanged(principal_id=principal_id))
