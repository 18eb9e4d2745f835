"""Cases that changed, as one reader may know of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from services.cases.models import Case, CaseFile
from services.cases.repository.query import CaseQuery, CaseView, Reader, cases

#: Where the cases are that leave a view because of what becomes of them.
_LEFT_TO: Final[Mapping[CaseView, CaseView]] = {
    CaseView.ALL_OPEN: CaseView.ALL,
    CaseView.ACTIVE_SUPPORT: CaseView.ALL,
    CaseView.MY_LICENSING: CaseView.OPENED_BY_ME,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A case as it is now. `at` is the last change of the case itself that the reader may know
    of; `inside`, whether it belongs to the query; `filed`, whether the reader sees one of the
    files that were asked about."""

    case: Case
    at: datetime
    inside: bool = True
    filed: bool = False

    def is_after(self, other: "Change") -> bool:
        """Whether there is something that the reader did not see at the other."""
        return self.filed or self.at != other.at


@dataclass(frozen=True, slots=True)
class ChangeRepository:
    """Reads on one session, with one person's eyes."""

    session: AsyncSession
    reader: Reader

    async def of(
        self, ids: Collection[UUID], query: CaseQuery, file_ids: Collection[UUID] = ()
    ) -> Mapping[UUID, Change]:
        """Those of the cases that the reader sees and that belong to the query, or may have
        belonged to it before."""
        inside = cases(query, self.reader).with_only_columns(Case.id)
        filed = select(CaseFile.case_id).where(among(CaseFile.id, file_ids))
        rows = await self.session.execute(
            cases(_widened(query), self.reader)
            .where(among(Case.id, ids))
            .add_columns(self._changed_at, Case.id.in_(inside), Case.id.in_(filed))
        )
        return {row[0].id: Change(*row) for row in rows}

    async def since(self, moment: datetime, query: CaseQuery, most: int) -> Mapping[UUID, datetime]:
        """When the cases that `of` would find changed after the moment; the latest, oldest
        first."""
        rows = await self.session.execute(
            cases(_widened(query), self.reader)
            .with_only_columns(Case.id, self._changed_at)
            .where(self._changed_at > moment)
            .order_by(self._changed_at.desc())
            .limit(most)
        )
        return dict(reversed([(id, at) for id, at in rows]))

    @property
    def _changed_at(self) -> Any:
        return self.reader.updated_at


def _widened(query: CaseQuery) -> CaseQuery:
    return replace(query, view=_LEFT_TO.get(query.view, query.view))
