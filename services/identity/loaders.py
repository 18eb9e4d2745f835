"""Everything a request reads, batched: made once per request, one session per batch.

Resolvers run concurrently and an `AsyncSession` must not be shared between tasks.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from kit.database import Database
from kit.pagination import Page, PageRequest, Paginator
from kit.principal import Principal
from kit.subgraph.batching import Of, Paged, by_parent, by_question
from services.identity.models import (
    Account,
    AdministratorRestoration,
    ApiClient,
    AuditEvent,
    AuditExport,
    Invitation,
    Membership,
    NotificationKind,
    PartnerRelation,
    ProviderLink,
    Session,
    User,
    UserExport,
)
from services.identity.repository.query import AccountQuery, AuditQuery, MemberQuery
from services.identity.repository.rows import IdentityRepository


class Loaders:
    """Named for key and result. A missing row is None, a missing list is empty."""

    def __init__(self, database: Database, paginator: Paginator, principal: Principal) -> None:
        self._database, self._paginator, self._principal = database, paginator, principal
        self.account: DataLoader[UUID, Account | None] = self._one(Account.id)
        self.account_numbered: DataLoader[str, Account | None] = self._one(Account.number)
        self.user: DataLoader[UUID, User | None] = self._one(User.id)
        self.membership: DataLoader[UUID, Membership | None] = self._one(Membership.id)
        self.api_client: DataLoader[UUID, ApiClient | None] = self._one(ApiClient.id)
        self.user_export: DataLoader[UUID, UserExport | None] = self._one(UserExport.id)
        self.audit_export: DataLoader[UUID, AuditExport | None] = self._one(AuditExport.id)
        self.shared_accounts_with: DataLoader[UUID, frozenset[UUID]] = by_parent(
            self._shared, frozenset()
        )
        self.partners_of: DataLoader[UUID, Sequence[PartnerRelation]] = by_parent(
            self._partners, ()
        )
        self.restorations_of: DataLoader[UUID, Sequence[AdministratorRestoration]] = by_parent(
            self._restorations, ()
        )
        self.approval_count_of: DataLoader[UUID, int] = by_parent(self._approval_counts, 0)
        self.members_of: DataLoader[Of[Paged[MemberQuery]], Page[Membership]] = by_question(
            self._members, Page()
        )
        self.member_count_of: DataLoader[Of[MemberQuery], int] = by_question(self._member_counts, 0)
        self.invitations_of: DataLoader[Of[PageRequest], Page[Invitation]] = by_question(
            self._invitations, Page()
        )
        self.invitation_count_of: DataLoader[Of[None], int] = by_question(
            self._invitation_counts, 0
        )
        self.audit_log_of: DataLoader[Of[Paged[AuditQuery]], Page[AuditEvent]] = by_question(
            self._audit_events, Page()
        )
        self.audit_count_of: DataLoader[Of[AuditQuery], int] = by_question(self._audit_counts, 0)

        self.api_clients_of: DataLoader[Of[PageRequest], Page[ApiClient]] = by_question(
            self._api_clients, Page()
        )
        self.api_client_count_of: DataLoader[Of[None], int] = by_question(
            self._api_client_counts, 0
        )

    def forget(self, principal: Principal | None = None) -> None:
        """Read everything anew: something was written, perhaps what the caller may see."""
        self._principal = principal or self._principal
        for each in vars(self).values():
            if isinstance(each, DataLoader):
                each.clear_all()

    async def accounts(self, query: AccountQuery, request: PageRequest) -> Page[Account]:
        """A page of the accounts that the caller reaches."""
        async with self._repository() as repository:
            return await repository.accounts(self._principal, query, request)

    async def account_count(self, query: AccountQuery) -> int:
        """How many there are in all."""
        async with self._repository() as repository:
            return await repository.count_accounts(self._principal, query)

    async def own_memberships(self) -> Sequence[Membership]:
        """The caller's memberships, oldest first."""
        async with self._repository() as repository:
            return await repository.memberships_of(self._principal.id)

    async def own_sessions(self, now: datetime) -> Sequence[Session]:
        """The caller's living sessions, the one used last first."""
        async with self._repository() as repository:
            return await repository.sessions_of(self._principal.id, now)

    async def own_provider_links(self) -> Sequence[ProviderLink]:
        """The providers that the caller signs in with, oldest first."""
        async with self._repository() as repository:
            return await repository.provider_links_of(self._principal.id)

    async def own_choices(self) -> Mapping[NotificationKind, bool]:
        """Which mails the caller chose to get, or not to get."""
        async with self._repository() as repository:
            return await repository.choices_of(self._principal.id)

    @asynccontextmanager
    async def _repository(self) -> AsyncIterator[IdentityRepository]:
        """Reads in the caller's name."""
        async with self._database.session(self._principal) as session:
            yield IdentityRepository(session, self._paginator)

    def _one(self, column: InstrumentedAttribute[Any]) -> DataLoader[Any, Any]:
        async def load(keys: list[Any]) -> list[Any]:
            async with self._repository() as repository:
                found = await repository.by_id(column, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    async def _shared(self, ids: Sequence[UUID]) -> Mapping[UUID, frozenset[UUID]]:
        async with self._repository() as repository:
            return await repository.shared_accounts(ids)

    async def _partners(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[PartnerRelation]]:
        async with self._repository() as repository:
            return await repository.partners(ids)

    async def _restorations(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[AdministratorRestoration]]:
        async with self._repository() as repository:
            return await repository.restorations(ids)

    async def _approval_counts(self, ids: Sequence[UUID]) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_approvals(ids)

    async def _members(
        self, ids: Sequence[UUID], asked: Paged[MemberQuery]
    ) -> Mapping[UUID, Page[Membership]]:
        async with self._repository() as repository:
            return await repository.members(ids, asked.query, asked.request)

    async def _member_counts(self, ids: Sequence[UUID], query: MemberQuery) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_members(ids, query)

    async def _invitations(
        self, ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Invitation]]:
        async with self._repository() as repository:
            return await repository.invitations(ids, request)

    async def _invitation_counts(self, ids: Sequence[UUID], _: None) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_invitations(ids)

    async def _audit_events(
        self, ids: Sequence[UUID], asked: Paged[AuditQuery]
    ) -> Mapping[UUID, Page[AuditEvent]]:
        async with self._repository() as repository:
            return await repository.audit_events(ids, asked.query, asked.request)

    async def _audit_counts(self, ids: Sequence[UUID], query: AuditQuery) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_audit_events(ids, query)

    async def _api_clients(
        self, ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[ApiClient]]:
        async with self._repository() as repository:
            return await repository.api_clients(ids, request)

    async def _api_client_counts(self, ids: Sequence[UUID], _: None) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_api_clients(ids)
