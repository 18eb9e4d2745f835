"""Whether an article has helped: one word per person, numbers for the staff."""

from typing import Any

from sqlalchemy import select

from kit.contract import PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.cases.models import Article
from tests.support.cases import OWN, a_caller, answered, kept, staff

RATE = """mutation ($article: ID!, $helpful: Boolean!) {
    rateArticle(articleId: $article, helpful: $helpful) {
        article { title helpfulCount unhelpfulCount } errors { code path } } }"""


def an_article(**values: Any) -> Article:
    """An article that everyone may read."""
    defaults = {"title": "Starting", "body": "Press it.", "url": "https://help.example.com/1"}
    return Article(**{**defaults, **values})


async def rated(cases: Database, caller: Principal, id: str, *, helpful: bool) -> Any:
    """The payload."""
    return (await answered(cases, caller, RATE, article=id, helpful=helpful))["rateArticle"]


async def test_the_last_word_of_each_person_counts(cases: Database) -> None:
    article = an_article()
    await kept(cases, article)
    id, me, clerk = to_global("art", article.id), a_caller(*OWN), staff()

    await rated(cases, me, id, helpful=False)
    await rated(cases, a_caller(*OWN), id, helpful=False)
    mine = await rated(cases, me, id, helpful=True)
    await rated(cases, me, id, helpful=True)
    theirs = await rated(cases, clerk, id, helpful=True)

    assert mine["article"] == {"title": "Starting", "helpfulCount": None, "unhelpfulCount": None}
    assert (theirs["article"]["helpfulCount"], theirs["article"]["unhelpfulCount"]) == (2, 1)
    async with cases.system() as session:
        told = await session.scalars(
            select(OutboxRow.payload["helpful"].astext)
            .where(OutboxRow.payload["article_id"].astext == str(article.id))
            .order_by(OutboxRow.id)
        )
        assert list(told) == ["false", "false", "true", "true"]


async def test_what_cannot_be_read_cannot_be_rated(cases: Database) -> None:
    draft = an_article(published=False)
    await kept(cases, draft)
    me = a_caller(*OWN)

    payloads = [
        await rated(cases, me, id, helpful=True)
        for id in (to_global("art", draft.id), to_global("art", new_id()), "nothing")
    ]

    assert [each["errors"] for each in payloads] == [
        [{"code": "NOT_FOUND", "path": ["articleId"]}]
    ] * 3


async def test_programs_have_no_opinion(cases: Database) -> None:
    article = an_article()
    await kept(cases, article)
    program = a_caller(*OWN, kind=PrincipalKind.MACHINE)

    payload = await rated(cases, program, to_global("art", article.id), helpful=True)

    assert payload["errors"][0]["code"] == "FORBIDDEN"
