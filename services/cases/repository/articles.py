"""Articles that may answer a question before a case is opened."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from services.cases.models import Article

#: How much more an article in the reader's own language is worth.
_OWN_LANGUAGE: Final = 1.5
#: Fewer letters begin too many words.
_SHORTEST_BEGINNING: Final = 2
#: What no text holds marks what was found, until the text has been escaped.
_OPENING, _CLOSING = "\ue000", "\ue001"
_HEADLINE: Final = (
    f'StartSel="{_OPENING}", StopSel="{_CLOSING}", '
    'MaxFragments=2, MaxWords=20, MinWords=8, FragmentDelimiter=" … "'
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article, and where it speaks of what was asked.

    The snippet is safe to be put into a page: all that the article says is escaped, and the only
    elements are the `<mark>`s around the words that were found.
    """

    article: Article
    snippet: str | None


@dataclass(frozen=True, slots=True)
class ArticleRepository:
    """Reads on one session."""

    session: AsyncSession

    async def suggested(
        self, question: str, product_id: str | None, locale: str, most: int
    ) -> Sequence[Suggestion]:
        """Articles with any of the question's words, best first. The last word may be unfinished:
        the question is being typed. What is about another product is left out."""
        french, english = _any_word(question, "french"), _any_word(question, "english")
        is_french = Article.language == "fr"
        rank = case(
            (is_french, func.ts_rank(Article.words, french)),
            else_=func.ts_rank(Article.words, english),
        ) * case((Article.language == locale, _OWN_LANGUAGE), else_=1.0)
        headline = case(
            (is_french, _headline("french", french)), else_=_headline("english", english)
        )
        rows = select(Article, headline).where(
            or_(
                and_(is_french, Article.words.bool_op("@@")(french)),
                and_(~is_french, Article.words.bool_op("@@")(english)),
            )
        )
        if product_id is not None:
            about = or_(Article.product_id.is_(None), Article.product_id == product_id)
            rows = rows.where(about)
        # PostgreSQL makes the headlines of those that the limit leaves.
        found = await self.session.execute(rows.order_by(rank.desc(), Article.id).limit(most))
        return [Suggestion(article, _marked(headline)) for article, headline in found]


def _any_word(question: str, dictionary: str) -> ColumnElement[Any]:
    # plainto_tsquery quotes what people type, and asks for all of the words.
    every_word = cast(func.plainto_tsquery(dictionary, question), String)
    whole = cast(func.replace(every_word, "&", "|"), TSQUERY)
    beginning = _beginning(question)
    if beginning is None:
        return whole
    # Of what is none of a language's words nothing is left, and nothing may follow it.
    start = func.nullif(cast(func.plainto_tsquery("simple", beginning), String), "")
    return whole.op("||")(cast(func.coalesce(start.op("||")(":*"), ""), TSQUERY))


def _beginning(question: str) -> str | None:
    """The word at the end, if nothing shows that it is finished."""
    words = question.split()
    if not words or question[-1].isspace():
        return None
    return words[-1] if words[-1].isalnum() and len(words[-1]) >= _SHORTEST_BEGINNING else None


def _headline(dictionary: str, query: ColumnElement[Any]) -> ColumnElement[str]:
    text = func.coalesce(func.nullif(Article.body, ""), Article.snippet, "")
    plain = func.translate(text, _OPENING + _CLOSING, "")
    return func.ts_headline(dictionary, plain, query, _HEADLINE)


def _marked(headline: str) -> str | None:
    escaped = html.escape(headline).strip()
    return escaped.replace(_OPENING, "<mark>").replace(_CLOSING, "</mark>") or None
