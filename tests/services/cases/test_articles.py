"""Articles that are suggested before a case is opened."""

from typing import Any

import pytest
import pytest_asyncio

from kit.contract import PrincipalKind
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import Article
from tests.support.cases import a_stranger, answered, ask, kept

SUGGEST = """query ($text: String!, $product: ID, $first: Int) {
    suggestedArticles(text: $text, productId: $product, first: $first) { title url snippet } }"""


def an_article(title: str, body: str = "", **values: Any) -> Article:
    """An article in English."""
    return Article(title=title, body=body, url="https://help.example.com/a", **values)


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _articles(cases: Database) -> None:
    await kept(
        cases,
        an_article("Refreshing extracts", "Schedules and their errors."),
        an_article("Schedules", "How to refresh an extract every day.", product_id="server"),
        an_article("Paying invoices", keywords="card purchase order"),
        an_article("Actualiser les extraits", "Les planifications.", language="fr"),
        an_article("Les factures", "Payer par carte.", language="fr"),
        an_article("Refreshing secrets", published=False),
    )


async def titles(cases: Database, text: str, **variables: Any) -> list[str]:
    found = await answered(cases, a_stranger(), SUGGEST, text=text, **variables)
    return [article["title"] for article in found["suggestedArticles"]]


async def test_any_word_in_any_form_finds_and_titles_weigh_most(cases: Database) -> None:
    found = await titles(cases, "my refreshes failed: what about the extracts?")

    assert found == ["Refreshing extracts", "Schedules"]


async def test_other_words_for_the_same_thing_find_too(cases: Database) -> None:
    assert await titles(cases, "credit card") == ["Paying invoices"]


async def test_french_is_read_as_french(cases: Database) -> None:
    assert await titles(cases, "une facture à payer") == ["Les factures"]


async def test_ones_own_language_comes_first(cases: Database) -> None:
    reader = Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), locale="fr")

    data = await answered(cases, reader, SUGGEST, text="extraits extracts")

    assert data["suggestedArticles"][0]["title"] == "Actualiser les extraits"


async def test_what_is_about_another_product_is_left_out(cases: Database) -> None:
    assert await titles(cases, "refresh", product="desktop") == ["Refreshing extracts"]
    assert await titles(cases, "refresh", product="server") == ["Refreshing extracts", "Schedules"]


async def test_no_more_than_asked_for(cases: Database) -> None:
    assert await titles(cases, "refresh", first=1) == ["Refreshing extracts"]
    assert await titles(cases, "refresh", first=0) == []


@pytest.mark.parametrize("text", ["", "the", "& | ! ( :* '", "\0", "<->", "x" * 5_000])
async def test_whatever_is_typed_is_no_query_language(cases: Database, text: str) -> None:
    assert await titles(cases, text) == []


@pytest.mark.parametrize("first", [-1, 101])
async def test_there_are_limits(cases: Database, first: int) -> None:
    result = await ask(cases, a_stranger(), SUGGEST, {"text": "refresh", "first": first})

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]
