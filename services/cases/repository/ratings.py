"""What people think: of their cases, of articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from services.cases.models import ArticleFeedback, CaseRating


@dataclass(frozen=True, slots=True)
class Feedback:
    """How many people an article has helped, and how many not."""

    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True)
class RatingRepository:
    """Reads on one session."""

    session: AsyncSession

    async def last_of_cases(self, case_ids: Sequence[UUID]) -> Mapping[UUID, CaseRating]:
        """What was last said of each case that the caller may know."""
        rows = await self.session.scalars(
            select(CaseRating)
            .where(among(CaseRating.case_id, case_ids))
            .ext(distinct_on(CaseRating.case_id))
            .order_by(CaseRating.case_id, CaseRating.updated_at.desc(), CaseRating.user_id)
        )
        return {row.case_id: row for row in rows}

    async def feedback_on(self, article_ids: Sequence[UUID]) -> Mapping[UUID, Feedback]:
        """What people have said of each article, as far as the caller may know."""
        helped = func.count().filter(ArticleFeedback.helpful)
        rows = await self.session.execute(
            select(ArticleFeedback.article_id, helped, func.count())
            .where(among(ArticleFeedback.article_id, article_ids))
            .group_by(ArticleFeedback.article_id)
        )
        return {id: Feedback(helpful, every - helpful) for id, helpful, every in rows}
