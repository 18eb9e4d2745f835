"""Articles are suggested while a question is being typed, and say why."""

import html
import re
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.contract import PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import Article
from tests.support.cases import a_database, a_stranger, answered, kept

SUGGEST = """query ($text: String!) {
    suggestedArticles(text: $text) { title snippet } }"""
HOSTILE = "Set <b>sprockets</b> & \ue000widgets\ue001: <script>alert('1')</script> \"quoted\" > 3"


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _articles(cases: Database) -> None:
    texts: list[dict[str, Any]] = [
        {"title": "Refreshing extracts", "body": "When schedules of an extract fail."},
        {"title": "Réinitialiser", "body": "Les mots de passe oubliés.", "language": "fr"},
        {"title": "Hostile", "body": HOSTILE},
        {"title": "Without words", "body": "", "snippet": "Tokens & 3 < 4 keys"},
        {"title": "Long", "body": f"{'filler ' * 400} platypus {'filler ' * 400}"},
    ]
    await kept(cases, *(Article(url="https://help.example.com/a", **text) for text in texts))


async def snippets(cases: Database, text: str, locale: str = "en") -> dict[str, str]:
    reader = Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), locale=locale)
    found = await answered(cases, reader, SUGGEST, text=text)
    return {article["title"]: article["snippet"] for article in found["suggestedArticles"]}


@pytest.mark.parametrize("typed", ["ex", "extr", "extract", "my extr", "extracts ", "not extra"])
async def test_the_last_word_may_be_unfinished(cases: Database, typed: str) -> None:
    assert "Refreshing extracts" in await snippets(cases, typed)


@pytest.mark.parametrize("typed", ["e", "extr ", "extr failure", "extr."])
async def test_a_word_that_is_finished_or_hardly_begun_begins_no_other(
    cases: Database, typed: str
) -> None:
    assert "Refreshing extracts" not in await snippets(cases, typed.replace("failure", "nothing "))


async def test_what_was_found_is_marked_in_each_language(cases: Database) -> None:
    english = await snippets(cases, "a failed extract")
    french = await snippets(cases, "mot oublié", "fr")

    assert english["Refreshing extracts"] == (
        "When schedules of an <mark>extract</mark> <mark>fail</mark>"
    )
    assert french["Réinitialiser"] == "<mark>mots</mark> de passe <mark>oubliés</mark>"


async def test_of_a_long_article_the_place_is_shown(cases: Database) -> None:
    snippet = (await snippets(cases, "platypus"))["Long"]

    assert "<mark>platypus</mark>" in snippet
    assert len(snippet) < 300


async def test_what_an_article_says_is_no_markup(cases: Database) -> None:
    snippet = (await snippets(cases, "sprockets"))["Hostile"]

    assert re.findall("<[^>]*>", snippet) == ["<mark>", "</mark>"]
    assert "\ue000" not in snippet
    assert "'" not in snippet
    assert '"' not in snippet


async def test_without_a_text_the_summary_is_shown_as_safely(cases: Database) -> None:
    snippet = (await snippets(cases, "words"))["Without words"]

    assert snippet == html.escape("Tokens & 3 < 4 keys")


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=40))
async def test_whatever_is_typed_is_answered(cases_url: str, text: str) -> None:
    async with a_database(cases_url) as database:
        data = await answered(database, a_stranger(), SUGGEST, text=text)

    assert len(data["suggestedArticles"]) <= 5
