"""What belongs to a case: comments, files and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.cases.models import CaseComment, CaseEvent, CaseFile

R = TypeVar("R", CaseComment, CaseFile, CaseEvent)

#: Oldest first.
_ORDERS: Final[Mapping[Any, Keyset]] = {
    CaseComment: Keyset((OrderBy(CaseComment.created_at), OrderBy(CaseComment.id))),
    CaseFile: Keyset((OrderBy(CaseFile.created_at), OrderBy(CaseFile.id))),
    CaseEvent: Keyset((OrderBy(CaseEvent.at), OrderBy(CaseEvent.id))),
}


@dataclass(frozen=True, slots=True)
class ConversationRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def pages(
        self, model: type[R], case_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[R]]:
        """The same page of each case's rows, oldest first. Raises `InvalidCursor`."""
        case_id: Any = model.case_id  # a file may be without, but then it is nobody's here
        return await self.paginator.pages_by(
            case_id, case_ids, self.session, select(model), _ORDERS[model], request
        )

    async def counts(self, model: type[R], case_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many rows each case has in all."""
        case_id: Any = model.case_id
        rows = select(case_id, func.count()).where(among(case_id, case_ids)).group_by(case_id)
        return dict((await self.session.execute(rows)).all())

    async def files_of_comments(self, ids: Sequence[UUID]) -> Mapping[UUID, list[CaseFile]]:
        """The files that came with each comment, oldest first."""
        rows = await self.session.scalars(
            select(CaseFile)
            .where(among(CaseFile.comment_id, ids))
            .order_by(CaseFile.created_at, CaseFile.id)
        )
        found: dict[UUID, list[CaseFile]] = {}
        for row in rows:
            if row.comment_id is not None:
                found.setdefault(row.comment_id, []).append(row)
        return found
