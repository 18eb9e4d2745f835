"""Refusals speak French too."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest

from kit import messages
from kit.errors import DomainError
from services.billing import errors

SOURCE = Path(errors.__file__).parent / "locale/fr/LC_MESSAGES/messages.po"

REFUSALS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type)
    and issubclass(each, DomainError)
    and each.__module__ == errors.__name__
]


def test_every_refusal_has_a_french_sentence() -> None:
    assert messages.untranslated(SOURCE, [refusal.sentence for refusal in REFUSALS]) == []


def french(compiled: bytes) -> list[str]:
    catalogue = GNUTranslations(BytesIO(compiled))
    return [catalogue.gettext(refusal.sentence) for refusal in REFUSALS]


def test_the_compiled_catalogue_is_not_stale() -> None:
    assert french(SOURCE.with_suffix(".mo").read_bytes()) == french(messages.compiled(SOURCE))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_is_translated(refusal: type[DomainError]) -> None:
    catalogues = messages.Catalogues(Path(errors.__file__).parent)

    french = catalogues.translate(refusal().message, "fr")

    assert french != refusal().message.in_english()
