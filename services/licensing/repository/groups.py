"""Key groups and their managers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.licensing.models import KeyGroup, KeyGroupManager

_BY_NAME: Final = Keyset((OrderBy(KeyGroup.name), OrderBy(KeyGroup.id)))


@dataclass(frozen=True, slots=True)
class GroupRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def pages_of(
        self, account_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[KeyGroup]]:
        """The same page of each account's groups, by name. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            KeyGroup.account_id, account_ids, self.session, select(KeyGroup), _BY_NAME, request
        )

    async def counts_of(self, account_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many groups each account has."""
        counted = (
            select(KeyGroup.account_id, func.count())
            .where(among(KeyGroup.account_id, account_ids))
            .group_by(KeyGroup.account_id)
        )
        return dict((await self.session.execute(counted)).all())

    async def managers(self, group_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
        """The memberships that manage each group, as far as the caller may know them."""
        rows = await self.session.execute(
            select(KeyGroupManager.group_id, KeyGroupManager.membership_id)
            .where(among(KeyGroupManager.group_id, group_ids))
            .order_by(KeyGroupManager.created_at, KeyGroupManager.membership_id)
        )
        found: dict[UUID, list[UUID]] = {}
        for group_id, membership_id in rows:
            found.setdefault(group_id, []).append(membership_id)
        return found

    async def managed(self, membership_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[KeyGroup]]:
        """The groups that each membership manages, by name."""
        rows = await self.session.execute(
            select(KeyGroupManager.membership_id, KeyGroup)
            .join(KeyGroup, KeyGroup.id == KeyGroupManager.group_id)
            .where(among(KeyGroupManager.membership_id, membership_ids))
            .order_by(KeyGroup.name, KeyGroup.id)
        )
        found: dict[UUID, list[KeyGroup]] = {}
        for membership_id, group in rows:
            found.setdefault(membership_id, []).append(group)
        return found

    async def managed_by(self, user_id: UUID, group_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        """Those of the groups that a person manages."""
        rows = await self.session.scalars(
            select(KeyGroupManager.group_id).where(
                KeyGroupManager.user_id == user_id, among(KeyGroupManager.group_id, group_ids)
            )
        )
        return dict.fromkeys(rows, True)
