"""Refusals, and the reasons why payments fail, speak French too."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest

from kit import messages
from kit.errors import DomainError
from kit.messages import Message
from services.billing import errors, failures

SOURCE = Path(errors.__file__).parent / "locale/fr/LC_MESSAGES/messages.po"

SENTENCES = [
    *failures.SENTENCES.values(),
    *(
        each.sentence
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, DomainError)
        and each.__module__ == errors.__name__
    ),
]

PARAMS = {"number": "FR-2026-000001", "due": "120.00 EUR", "most": 100}


def test_every_sentence_has_a_french_one() -> None:
    assert messages.untranslated(SOURCE, SENTENCES) == []


def french(compiled: bytes) -> list[str]:
    catalogue = GNUTranslations(BytesIO(compiled))
    return [catalogue.gettext(sentence) for sentence in SENTENCES]


def test_the_compiled_catalogue_is_not_stale() -> None:
    assert french(SOURCE.with_suffix(".mo").read_bytes()) == french(messages.compiled(SOURCE))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_keeps_its_gaps_in_french(sentence: str) -> None:
    catalogues = messages.Catalogues(Path(errors.__file__).parent)
    named = [value for name, value in PARAMS.items() if f"{{{name}}}" in sentence]

    french = catalogues.translate(Message(sentence, PARAMS), "fr")

    assert french != sentence.format_map(PARAMS)
    assert all(str(value) in french for value in named)


@pytest.mark.parametrize("failure", failures.Failure)
def test_every_failure_has_a_sentence(failure: failures.Failure) -> None:
    assert failures.told(failure).sentence == failures.SENTENCES[failure]


def test_a_failure_of_an_older_list_is_a_plain_refusal() -> None:
    told = failures.told("SOMETHING_ELSE")

    assert told.sentence == failures.SENTENCES[failures.Failure.DECLINED]
