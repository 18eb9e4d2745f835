"""Articles that may answer a question before a case is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from services.cases.models import Article

#: How much more an article in the reader's own language is worth.
_OWN_LANGUAGE = 1.5


@dataclass(frozen=True, slots=True)
class ArticleRepository:
    """Reads on one session."""

    session: AsyncSession

    async def suggested(
        self, question: str, product_id: str | None, locale: str, most: int
    ) -> Sequence[Article]:
        """Articles with any of the question's words, best first. What is about another product
        is left out."""
        french, english = _any_word(question, "french"), _any_word(question, "english")
        is_french = Article.language == "fr"
        rank = case(
            (is_french, func.ts_rank(Article.words, french)),
            else_=func.ts_rank(Article.words, english),
        ) * case((Article.language == locale, _OWN_LANGUAGE), else_=1.0)
        rows = select(Article).where(
            or_(
                and_(is_french, Article.words.bool_op("@@")(french)),
                and_(~is_french, Article.words.bool_op("@@")(english)),
            )
        )
        if product_id is not None:
            about = or_(Article.product_id.is_(None), Article.product_id == product_id)
            rows = rows.where(about)
        found = await self.session.scalars(rows.order_by(rank.desc(), Article.id).limit(most))
        return found.all()


def _any_word(question: str, dictionary: str) -> ColumnElement[Any]:
    # plainto_tsquery quotes what people type, and asks for all of the words.
    every_word = cast(func.plainto_tsquery(dictionary, question), String)
    return cast(func.replace(every_word, "&", "|"), TSQUERY)
