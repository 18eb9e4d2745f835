"""The knowledge base."""

from typing import Self

import strawberry

from kit.ids import to_global
from kit.subgraph.rules import AUTHENTICATED
from kit.subgraph.scalars import URL
from services.cases import models


@strawberry.federation.type(directives=[AUTHENTICATED])
class Article:
    """An article that may answer a question."""

    id: strawberry.ID
    title: str
    url: URL
    snippet: str | None

    @classmethod
    def of(cls, row: models.Article) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global("art", row.id)),
            title=row.title,
            url=URL(row.url),
            snippet=row.snippet,
        )
