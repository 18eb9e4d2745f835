"""Cases: by key, in lists, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.database import among
from kit.pagination import Page, PageRequest, Paginator
from services.cases.models import Case, CaseAccess, CaseParticipant, CaseViewing
from services.cases.repository.query import CaseQuery, Reader, cases, is_late, is_open, keyset


@dataclass(frozen=True, slots=True)
class CaseRepository:
    """Reads on one session, with one person's eyes."""

    session: AsyncSession
    paginator: Paginator
    reader: Reader

    async def by_id(self, id: InstrumentedAttribute[Any], ids: Sequence[Any]) -> Mapping[Any, Any]:
        """The rows of `id`'s model by this unique column."""
        rows = await self.session.scalars(select(id.class_).where(id.in_(ids)))
        return {getattr(row, id.key): row for row in rows}

    async def page(self, query: CaseQuery, request: PageRequest) -> Page[Case]:
        """A page of cases. Raises `InvalidCursor`."""
        rows, order = cases(query, self.reader), keyset(query, self.reader)
        return await self.paginator.page(self.session, rows, order, request)

    async def count(self, query: CaseQuery) -> int:
        """How many cases there are in all."""
        rows = cases(query, self.reader).with_only_columns(func.count(Case.id))
        return (await self.session.scalars(rows)).one()

    async def pages_of(
        self, account_ids: Sequence[UUID], query: CaseQuery, request: PageRequest
    ) -> Mapping[UUID, Page[Case]]:
        """The same page of each account's cases. Raises `InvalidCursor`."""
        rows, order = cases(query, self.reader), keyset(query, self.reader)
        return await self.paginator.pages_by(
            Case.account_id, account_ids, self.session, rows, order, request
        )

    async def counts_of(self, account_ids: Sequence[UUID], query: CaseQuery) -> Mapping[UUID, int]:
        """How many cases each account has in all."""
        rows = cases(query, self.reader).where(among(Case.account_id, account_ids))
        return await self._counts(Case.account_id, rows)

    async def open_counts_by_requester(self, user_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many open cases each person has asked for."""
        rows = select(Case).where(among(Case.requester_id, user_ids), is_open(Case))
        return await self._counts(Case.requester_id, rows)

    async def late(self, case_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        """Of each case, whether its customer waits for longer than was promised."""
        rows = select(Case.id, is_late(Case)).where(among(Case.id, case_ids))
        return dict((await self.session.execute(rows)).all())

    async def participants(self, case_ids: Sequence[UUID]) -> Mapping[UUID, list[CaseParticipant]]:
        """Whom each case is shared with, in the order of sharing."""
        rows = await self.session.scalars(
            select(CaseParticipant)
            .where(among(CaseParticipant.case_id, case_ids))
            .order_by(CaseParticipant.created_at, CaseParticipant.user_id)
        )
        found: dict[UUID, list[CaseParticipant]] = {}
        for row in rows:
            found.setdefault(row.case_id, []).append(row)
        return found

    async def own_access(self, case_ids: Sequence[UUID]) -> Mapping[UUID, CaseAccess]:
        """What each case is shared with the reader for, where it is."""
        rows = await self.session.execute(
            select(CaseParticipant.case_id, CaseParticipant.access).where(
                among(CaseParticipant.case_id, case_ids),
                CaseParticipant.user_id == self.reader.user_id,
            )
        )
        return dict(rows.all())

    async def count_unread(self) -> int:
        """How many of the cases that the reader follows have changed since they looked."""
        me = self.reader.user_id
        shared = select(CaseParticipant.case_id).where(CaseParticipant.user_id == me)
        followed = or_(Case.requester_id == me, Case.assignee_id == me, Case.id.in_(shared))
        seen = select(CaseViewing.case_id).where(
            CaseViewing.case_id == Case.id,
            CaseViewing.user_id == me,
            CaseViewing.viewed_at >= self.reader.updated_at,
        )
        rows = select(func.count(Case.id)).where(followed, ~seen.correlate(Case).exists())
        return (await self.session.scalars(rows)).one()

    async def _counts(
        self, parent: InstrumentedAttribute[UUID], rows: Select[Any]
    ) -> Mapping[UUID, int]:
        counted = rows.with_only_columns(parent, func.count()).group_by(parent)
        return dict((await self.session.execute(counted)).all())
