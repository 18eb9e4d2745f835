"""Two languages: what is said in each, and which one is chosen."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kit import messages
from kit.contract import ExportFormat
from kit.errors import NotFound, VersionConflict
from kit.exports.errors import TooManyRows
from kit.messages import Catalogues, Message, format_date, format_money, negotiate

ELSEWHERE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "The case is closed."
msgstr "La demande est close."

msgid "You may not do this."
msgstr "Ceci vous est interdit."
"""


def test_a_message_is_said_in_the_callers_language() -> None:
    message = VersionConflict(7).message
    catalogues = Catalogues()

    assert catalogues.translate(message, "en").endswith("it is at version 7 now.")
    assert catalogues.translate(message, "fr").endswith("à la version 7.")


def test_a_code_is_the_same_in_every_language() -> None:
    refusal = TooManyRows(ExportFormat.XLS, 65_535)

    assert Catalogues().translate(refusal.message, "fr").startswith("Le format XLS contient")
    assert refusal.code == "INVALID"


def test_what_has_no_translation_is_said_in_english() -> None:
    assert Catalogues().translate(Message("Plain {thing}.", {"thing": 1}), "fr") == "Plain 1."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "locale/fr/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(ELSEWHERE)
    source.with_suffix(".mo").write_bytes(messages.compiled(source))
    return tmp_path


def test_a_service_adds_sentences_of_its_own_and_may_say_kits_differently(folder: Path) -> None:
    catalogues = Catalogues(folder)

    said = [
        catalogues.translate(Message(sentence), "fr")
        for sentence in ("The case is closed.", "You may not do this.", NotFound.sentence)
    ]

    assert said == ["La demande est close.", "Ceci vous est interdit.", "Cet élément n’existe pas."]


@pytest.mark.parametrize(
    ("person", "accepted", "chosen"),
    [
        ("fr", "en", "fr"),
        ("fr-CA", None, "fr"),
        ("en_GB", "fr", "en"),
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "en;q=0.1, fr;q=0.9", "fr"),
        (None, "de, fr;q=0.5", "fr"),
        (None, "fr;q=0, en", "en"),
        (None, "fr;q=high", "en"),
        (None, "de", "en"),
        (None, "*", "en"),
        (None, ", ;q=1,,", "en"),
        (None, None, "en"),
        ("de", "fr", "fr"),
        ("de", None, "en"),
    ],
)
def test_the_language_is_the_persons_choice_or_the_best_accepted(
    person: str | None, accepted: str | None, chosen: str
) -> None:
    assert negotiate(person, accepted) == chosen


def test_money_is_written_as_people_write_it() -> None:
    assert format_money(Decimal("1234.50"), "EUR", "en") == "€1,234.50"
    assert format_money(Decimal("1234.50"), "EUR", "fr") == "1\u202f234,50\xa0€"
    assert format_money(Decimal("1234"), "JPY", "en") == "¥1,234"


def test_a_day_cannot_be_taken_for_a_month() -> None:
    assert format_date(date(2026, 11, 2), "en") == "2 Nov 2026"
    assert format_date(date(2026, 11, 2), "fr") == "2 nov. 2026"
