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
    ApiClient,
    AuditEvent,
    Invitation,
    Membership,
    PartnerRelation,
    Session,
    User,
    UserExport,
)
from services.identity.repository import AccountQuery, IdentityRepository, MemberQuery


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
        self.shared_accounts_with: DataLoader[UUID, frozenset[UUID]] = by_parent(
            self._shared, frozenset()
        )
        self.partners_of: DataLoader[UUID, Sequence[PartnerRelation]] = by_parent(
            self._partners, ()
        )
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
        self.audit_log_of: DataLoader[Of[Paged[datetime | None]], Page[AuditEvent]] = by_question(
            self._audit_events, Page()
        )
        self.audit_count_of: DataLoader[Of[datetime | None], int] = by_question(
            self._audit_counts, 0
        )

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
        self, ids: Sequence[UUID], asked: Paged[datetime | None]
    ) -> Mapping[UUID, Page[AuditEvent]]:
        async with self._repository() as repository:
            return await repository.audit_events(ids, asked.query, asked.request)

    async def _audit_counts(
        self, ids: Sequence[UUID], since: datetime | None
    ) -> Mapping[UUID, int]:
        async with self._repository() as repository:
            return await repository.count_audit_events(ids, since)
