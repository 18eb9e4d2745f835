"""Rows by their id or their parent, in pages where there may be many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from kit.principal import Principal
from services.identity.models import (
    Account,
    AdministratorRestoration,
    ApiClient,
    AuditEvent,
    Invitation,
    Membership,
    NotificationKind,
    NotificationPreference,
    PartnerRelation,
    ProviderLink,
    RestorationApproval,
    Session,
    User,
)
from services.identity.repository.query import (
    AccountQuery,
    AuditQuery,
    MemberQuery,
    accounts_of,
    events_of,
    is_member,
    members_of,
)

_ACCOUNTS: Final = Keyset((OrderBy(Account.name), OrderBy(Account.id)))
_MEMBERS: Final = Keyset(
    (OrderBy(User.last_name), OrderBy(User.first_name), OrderBy(Membership.id))
)
_INVITATIONS: Final = Keyset(
    (OrderBy(Invitation.created_at, descending=True), OrderBy(Invitation.id, descending=True))
)
#: Dashboards have none, and are among no account's clients.
_CLIENT_ACCOUNT: Final = cast(InstrumentedAttribute[UUID], ApiClient.account_id)
_CLIENTS: Final = Keyset((OrderBy(ApiClient.id, descending=True),))
_AUDIT: Final = Keyset(
    (OrderBy(AuditEvent.at, descending=True), OrderBy(AuditEvent.id, descending=True))
)


@dataclass(frozen=True, slots=True)
class IdentityRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def by_id(self, id: InstrumentedAttribute[Any], ids: Sequence[Any]) -> Mapping[Any, Any]:
        """The rows of `id`'s model by this unique column."""
        rows = await self.session.scalars(select(id.class_).where(id.in_(ids)))
        return {getattr(row, id.key): row for row in rows}

    async def accounts(
        self, principal: Principal, query: AccountQuery, request: PageRequest
    ) -> Page[Account]:
        """A page of accounts by name. Raises `InvalidCursor`."""
        rows = accounts_of(principal, query)
        return await self.paginator.page(self.session, rows, _ACCOUNTS, request)

    async def count_accounts(self, principal: Principal, query: AccountQuery) -> int:
        """How many accounts there are in all."""
        rows = accounts_of(principal, query).with_only_columns(func.count(Account.id))
        return (await self.session.scalars(rows)).one()

    async def members(
        self, account_ids: Sequence[UUID], query: MemberQuery, request: PageRequest
    ) -> Mapping[UUID, Page[Membership]]:
        """The same page of each account's members, by name. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            Membership.account_id,
            account_ids,
            self.session,
            members_of(query),
            _MEMBERS,
            request,
        )

    async def count_members(
        self, account_ids: Sequence[UUID], query: MemberQuery
    ) -> Mapping[UUID, int]:
        """How many members each account has in all."""
        rows = members_of(query).where(among(Membership.account_id, account_ids))
        return await self._counts(Membership.account_id, rows)

    async def invitations(
        self, account_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Invitation]]:
        """The same page of each account's invitations, latest first. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            Invitation.account_id,
            account_ids,
            self.session,
            select(Invitation),
            _INVITATIONS,
            request,
        )

    async def count_invitations(self, account_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many invitations each account has in all."""
        rows = select(Invitation).where(among(Invitation.account_id, account_ids))
        return await self._counts(Invitation.account_id, rows)

    async def api_clients(
        self, account_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[ApiClient]]:
        """The same page of each account's clients, latest first. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            _CLIENT_ACCOUNT,
            account_ids,
            self.session,
            select(ApiClient),
            _CLIENTS,
            request,
        )

    async def count_api_clients(self, account_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many clients each account has in all, with those that act no more."""
        rows = select(ApiClient).where(among(_CLIENT_ACCOUNT, account_ids))
        return await self._counts(_CLIENT_ACCOUNT, rows)

    async def audit_events(
        self, account_ids: Sequence[UUID], query: AuditQuery, request: PageRequest
    ) -> Mapping[UUID, Page[AuditEvent]]:
        """The same page of each account's audit log, latest first. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            AuditEvent.account_id,
            account_ids,
            self.session,
            events_of(query),
            _AUDIT,
            request,
        )

    async def count_audit_events(
        self, account_ids: Sequence[UUID], query: AuditQuery
    ) -> Mapping[UUID, int]:
        """How many audit events each account has in all."""
        rows = events_of(query).where(among(AuditEvent.account_id, account_ids))
        return await self._counts(AuditEvent.account_id, rows)

    async def partners(
        self, account_ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PartnerRelation]]:
        """Each account's partner relations, those that ended too, oldest first."""
        rows = await self.session.scalars(
            select(PartnerRelation)
            .where(among(PartnerRelation.account_id, account_ids))
            .order_by(PartnerRelation.since, PartnerRelation.id)
        )
        found: dict[UUID, list[PartnerRelation]] = {}
        for row in rows:
            found.setdefault(row.account_id, []).append(row)
        return found

    async def restorations(
        self, account_ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[AdministratorRestoration]]:
        """By account, the requests to restore an administrator, latest first."""
        rows = await self.session.scalars(
            select(AdministratorRestoration)
            .where(among(AdministratorRestoration.account_id, account_ids))
            .order_by(AdministratorRestoration.id.desc())
        )
        found: dict[UUID, list[AdministratorRestoration]] = {}
        for row in rows:
            found.setdefault(row.account_id, []).append(row)
        return found

    async def count_approvals(self, restoration_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many members of staff have approved each request."""
        rows = select(RestorationApproval).where(
            among(RestorationApproval.restoration_id, restoration_ids)
        )
        return await self._counts(RestorationApproval.restoration_id, rows)

    async def choices_of(self, user_id: UUID) -> Mapping[NotificationKind, bool]:
        """Which mails a person chose to get, or not to get."""
        rows = await self.session.scalars(
            select(NotificationPreference).where(NotificationPreference.user_id == user_id)
        )
        return {row.kind: row.mail for row in rows}

    async def memberships_of(self, user_id: UUID) -> Sequence[Membership]:
        """A person's memberships, oldest first."""
        rows = await self.session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id, is_member())
            .order_by(Membership.created_at, Membership.id)
        )
        return rows.all()

    async def shared_accounts(self, user_ids: Sequence[UUID]) -> Mapping[UUID, frozenset[UUID]]:
        """By person, the accounts in which the caller sees them among the members."""
        rows = await self.session.execute(
            select(Membership.user_id, func.array_agg(Membership.account_id))
            .where(among(Membership.user_id, user_ids), is_member())
            .group_by(Membership.user_id)
        )
        return {user_id: frozenset(accounts) for user_id, accounts in rows}

    async def sessions_of(self, user_id: UUID, now: datetime) -> Sequence[Session]:
        """A person's living sessions, the one used last first."""
        rows = await self.session.scalars(
            select(Session)
            .where(Session.user_id == user_id, Session.ended_at.is_(None))
            .where(Session.lasts_beyond(now))
            .order_by(Session.last_seen_at.desc(), Session.id)
        )
        return rows.all()

    async def provider_links_of(self, user_id: UUID) -> Sequence[ProviderLink]:
        """The providers that a person signs in with, oldest first."""
        rows = await self.session.scalars(
            select(ProviderLink)
            .where(ProviderLink.user_id == user_id)
            .order_by(ProviderLink.created_at, ProviderLink.issuer)
        )
        return rows.all()

    async def _counts(
        self, parent: InstrumentedAttribute[UUID], rows: Select[Any]
    ) -> Mapping[UUID, int]:
        counted = rows.with_only_columns(parent, func.count()).group_by(parent)
        return dict((await self.session.execute(counted)).all())
