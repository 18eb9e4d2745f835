"""The knowledge base."""

import html
from typing import Self
from uuid import UUID

import strawberry

from kit.ids import to_global
from kit.subgraph.rules import AUTHENTICATED
from kit.subgraph.scalars import URL
from services.cases import models
from services.cases.context import Info
from services.cases.repository.ratings import Feedback
from services.cases.types.rules import STAFF


@strawberry.federation.type(directives=[AUTHENTICATED])
class Article:
    """An article that may answer a question. The snippet may be put into a page as it is: its
    only elements are the `<mark>`s around words of the question, and all else is escaped."""

    id: strawberry.ID
    title: str
    url: URL
    snippet: str | None
    uuid: strawberry.Private[UUID]

    @strawberry.field(directives=[STAFF])
    async def helpful_count(self, info: Info) -> int | None:
        """How many people it has helped, as they say: for the staff."""
        feedback = await self._feedback(info)
        return feedback.helpful if feedback is not None else None

    @strawberry.field(directives=[STAFF])
    async def unhelpful_count(self, info: Info) -> int | None:
        """How many people it has not helped: for the staff."""
        feedback = await self._feedback(info)
        return feedback.unhelpful if feedback is not None else None

    async def _feedback(self, info: Info) -> Feedback | None:
        if not models.is_staff(info.context.principal):
            return None
        return await info.context.loaders.feedback_of.load(self.uuid)

    @classmethod
    def of(cls, row: models.Article, snippet: str | None = None) -> Self:
        """From its row, with where it speaks of the question, if there was one."""
        return cls(
            id=strawberry.ID(to_global("art", row.id)),
            title=row.title,
            url=URL(row.url),
            uuid=row.id,
            snippet=snippet or html.escape(row.snippet or "") or None,
        )
