"""Which rows of a list are asked for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from kit.principal import Principal
from services.identity.models import (
    Account,
    AccountKind,
    AccountStatus,
    AuditEvent,
    Membership,
    MembershipState,
    PartnerRelation,
    Role,
    User,
)


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """Which of the accounts that the caller reaches."""

    search: str | None = None
    status: AccountStatus | None = None
    kind: AccountKind | None = None
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Which members of an account. Removed ones are listed nowhere."""

    role: Role | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which acts in an account, from `since` up to, not including, `until`. An action of one word
    is every act on such things: `membership`."""

    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    actor_id: UUID | None = None


def accounts_of(principal: Principal, query: AccountQuery) -> Select[Account]:
    """The accounts that are asked for, of those that the caller reaches."""
    rows = select(Account).where(Account.reached_by(principal))
    if query.search and (wanted := query.search.strip()):
        rows = rows.where(_contains(wanted, Account.name, Account.number))
    if query.status is not None:
        rows = rows.where(Account.status == query.status)
    if query.kind is not None:
        rows = rows.where(Account.kind == query.kind)
    if query.partner_id is not None:
        rows = rows.where(Account.id.in_(_customers_of(query.partner_id, datetime.now(UTC).date())))
    return rows


def members_of(query: MemberQuery) -> Select[Membership]:
    """The members that are asked for, with the people that they are."""
    rows = select(Membership).join(User, User.id == Membership.user_id).where(is_member())
    if query.role is not None:
        rows = rows.where(Membership.role == query.role)
    if query.search and (wanted := query.search.strip()):
        name = User.first_name + " " + User.last_name
        rows = rows.where(_contains(wanted, name, User.email))
    return rows


def events_of(query: AuditQuery) -> Select[AuditEvent]:
    """The acts that are asked for."""
    rows = select(AuditEvent)
    if query.since is not None:
        rows = rows.where(AuditEvent.at >= query.since)
    if query.until is not None:
        rows = rows.where(AuditEvent.at < query.until)
    if query.actor_id is not None:
        rows = rows.where(AuditEvent.actor_id == query.actor_id)
    if query.action is not None:
        exact = AuditEvent.action == query.action
        rows = rows.where(exact | AuditEvent.action.startswith(f"{query.action}.", autoescape=True))
    return rows


def is_member() -> ColumnElement[bool]:
    """Whether the membership is one still, suspended or not."""
    return Membership.state != MembershipState.REMOVED


def _customers_of(partner_id: UUID, today: date) -> Select[UUID]:
    return select(PartnerRelation.account_id).where(
        PartnerRelation.partner_id == partner_id,
        PartnerRelation.since <= today,
        or_(PartnerRelation.until.is_(None), PartnerRelation.until >= today),
        or_(PartnerRelation.ended_at.is_(None), PartnerRelation.ended_at > func.now()),
    )


def _contains(wanted: str, *columns: Any) -> ColumnElement[bool]:
    escaped = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in columns))
