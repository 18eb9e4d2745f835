"""What people think of the help they got."""

import strawberry

from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.cases import inputs
from services.cases.context import Info
from services.cases.mutations.answers import case_now
from services.cases.mutations.people import person
from services.cases.rating import Rating, rate_article, rate_case
from services.cases.types.article import Article
from services.cases.types.payload import ArticlePayload, CasePayload
from services.cases.types.rules import CREATORS


@strawberry.type
class FeedbackMutations:
    """Of a case that has ended, and of articles. Said again, the last word counts."""

    @refusable(directives=[CREATORS])
    async def rate_case(
        self, info: Info, case_id: strawberry.ID, score: int, remark: str | None = None
    ) -> CasePayload:
        """From 1 to 5, by those on the customer's side who take part in it."""
        principal = person(info.context.principal)
        rating = Rating(inputs.case_id(case_id), score, inputs.perhaps_said(remark, "remark"))
        async with info.context.database.session(principal) as session:
            await rate_case(session, principal, rating)
        return await case_now(info, rating.case_id)

    @refusable(directives=[AUTHENTICATED])
    async def rate_article(
        self, info: Info, article_id: strawberry.ID, helpful: bool
    ) -> ArticlePayload:
        """Whether it has helped the caller."""
        context = info.context
        principal, id = person(context.principal), inputs.article_id(article_id)
        async with context.database.session(principal) as session:
            await rate_article(session, principal, id, helpful=helpful)
        context.loaders.forget()
        row = await context.loaders.article.load(id)
        return ArticlePayload(article=Article.of(row) if row is not None else None)
