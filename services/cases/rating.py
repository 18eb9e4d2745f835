"""Saying how helpful it was: support in a case that has ended, an article to whoever read it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.errors import Forbidden, NotFound
from kit.outbox import record
from kit.principal import Principal
from services.cases.acting import Act
from services.cases.errors import CaseGoesOn, InvalidScore, ReadOnly
from services.cases.events import ArticleRated, CaseRated
from services.cases.models import (
    Article,
    ArticleFeedback,
    CaseEventKind,
    CaseRating,
    is_staff,
)
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository

_BEST: Final = 5


@dataclass(frozen=True, slots=True)
class Rating:
    """How content somebody is, from 1 to 5, and why."""

    case_id: UUID
    score: int
    remark: str | None


async def rate_case(session: AsyncSession, principal: Principal, rating: Rating) -> None:
    """What the person thinks of it now, in place of what they thought before.

    The staff rates nothing. Raises `InvalidScore`, `NotFound`, `Forbidden`, `ReadOnly` and
    `CaseGoesOn`.
    """
    if not 1 <= rating.score <= _BEST:
        raise InvalidScore(path=("score",))
    repository = WritingRepository(session)
    case = await repository.locked(rating.case_id)
    if is_staff(principal):
        raise Forbidden(path=("caseId",))
    if not permissions(principal, case, await repository.access(case, principal.id)).comment:
        raise ReadOnly(path=("caseId",))
    if not case.has_ended:
        raise CaseGoesOn(path=("caseId",))
    before = await session.get(CaseRating, (case.id, principal.id))
    if before is None:
        session.add(_row(case.account_id, principal, rating))
    elif (before.score, before.remark) == (rating.score, rating.remark):
        return
    act = Act(session, case, principal.id, utc_now())
    _tell(act, principal, before.score if before is not None else None, rating.score)
    if before is not None:
        before.score, before.remark, before.updated_at = rating.score, rating.remark, act.now


async def rate_article(
    session: AsyncSession, principal: Principal, article_id: UUID, *, helpful: bool
) -> None:
    """Whether it has helped the person, in place of what they said before. Raises `NotFound`."""
    if await session.get(Article, article_id) is None:
        raise NotFound(path=("articleId",))
    now = utc_now()
    said = insert(ArticleFeedback).values(
        article_id=article_id,
        user_id=principal.id,
        helpful=helpful,
        created_at=now,
        updated_at=now,
    )
    changed = said.on_conflict_do_update(
        index_elements=["article_id", "user_id"],
        set_={"helpful": helpful, "updated_at": now},
        where=ArticleFeedback.helpful.is_distinct_from(helpful),
    ).returning(ArticleFeedback.article_id)
    if await session.scalar(changed) is not None:
        rated = ArticleRated(article_id=article_id, user_id=principal.id, helpful=helpful)
        record(session, rated)


def _row(account_id: UUID, principal: Principal, rating: Rating) -> CaseRating:
    return CaseRating(
        case_id=rating.case_id,
        user_id=principal.id,
        account_id=account_id,
        score=rating.score,
        remark=rating.remark,
    )


def _tell(act: Act, principal: Principal, before: int | None, score: int) -> None:
    """The staff, and nobody else."""
    was = str(before) if before is not None else None
    act.happened(CaseEventKind.RATED, was, str(score), staff_only=True)
    act.conclude()
    case = act.case
    rated = CaseRated(case_id=case.id, queue=case.queue.name, user_id=principal.id, score=score)
    record(act.session, rated)
