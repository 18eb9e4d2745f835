"""The knowledge base, as far as it is suggested to people who are about to open a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.registry import Base

_WORDS = """
CASE language
    WHEN 'fr' THEN setweight(to_tsvector('french', title), 'A')
        || setweight(to_tsvector('french', keywords), 'B')
        || to_tsvector('french', body)
    ELSE setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', keywords), 'B')
        || to_tsvector('english', body)
END
"""


class Article(Base, kw_only=True):
    """One article, in one language. It belongs to no account: everyone reads the same."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_words", "words", postgresql_using="gin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    title: Mapped[str]
    #: One or two sentences, shown in lists.
    snippet: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[str]
    #: Other words for the same things, with spaces between them.
    keywords: Mapped[str] = mapped_column(default="")
    #: `en` or `fr`.
    language: Mapped[str] = mapped_column(default="en")
    url: Mapped[str]
    #: The product that it is about; None when it is about all of them.
    product_id: Mapped[str | None] = mapped_column(default=None)
    published: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    words: Mapped[Any] = mapped_column(
        TSVECTOR, Computed(_WORDS, persisted=True), init=False, repr=False, deferred=True
    )

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Everyone, once it is published."""
        return cls.published.is_(True)
