"""What people read, in English and French. Codes never change with the language.

The English sentence is the message id; `{named}` parameters are filled in after translation.
Catalogues are gettext files in `locale/fr/LC_MESSAGES/messages.po`, compiled by
`python -m kit.messages` into the `.mo` beside them.
"""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel import negotiate_locale
from babel.dates import format_date as babel_format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency

LOCALES: Final = ("en", "fr")
_DOMAIN: Final = "messages"
_HERE: Final = Path(__file__).parent


def N_(sentence: str) -> str:
    """Marks a sentence that has a translation."""
    return sentence


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and what fills its gaps."""

    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def in_english(self) -> str:
        """The message as logs show it."""
        return self.sentence.format_map(self.params)


class Catalogues:
    """The translations that a process speaks: kit's own and those of each folder."""

    def __init__(self, *folders: Path) -> None:
        self._french = [_french(folder / "locale") for folder in (*folders, _HERE)]

    def translate(self, message: Message, locale: str) -> str:
        """The message in the language of `locale`, in English where there is no translation."""
        if locale != "fr":
            return message.in_english()
        for catalogue in self._french:
            sentence = catalogue.gettext(message.sentence)
            if sentence != message.sentence:
                return sentence.format_map(message.params)
        return message.in_english()


def _french(locale: Path) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, locale, languages=["fr"], fallback=True)


def negotiate(person: str | None, accept_language: str | None) -> str:
    """`en` or `fr`: the person's own choice, else the best that the client accepts (RFC 9110)."""
    wanted = [*([person] if person else []), *_by_preference(accept_language or "")]
    chosen = negotiate_locale([tag.split("-")[0].split("_")[0] for tag in wanted], LOCALES)
    return chosen or LOCALES[0]


def _by_preference(header: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for item in header.split(","):
        tag, _, parameter = item.strip().partition(";")
        weight = _weight(parameter.strip())
        if tag and weight > 0:
            weighted.append((-weight, tag.strip().lower()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: pair[0])]


def _weight(parameter: str) -> float:
    if not parameter.startswith("q="):
        return 1.0
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0


def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """`€1,234.50` in English, `1 234,50 €` in French."""
    return format_currency(amount, currency, locale=locale)


def format_date(day: date, locale: str) -> str:
    """`21 Nov 2026` or `21 nov. 2026`: never a form that month and day can be swapped in."""
    return babel_format_date(day, "d MMM y", locale=locale)


def compiled(source: Path) -> bytes:
    """The `.mo` form of a `.po` file."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    # The same sentences give the same bytes, whenever they are compiled.
    catalogue.creation_date = datetime.fromtimestamp(0, UTC)
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def sources(root: Path) -> list[Path]:
    """Every catalogue of the project."""
    return sorted(
        path for folder in ("kit", "services") for path in (root / folder).glob("**/*.po")
    )


def main(root: Path) -> None:
    """Compile every catalogue below `root`."""
    for source in sources(root):
        source.with_suffix(".mo").write_bytes(compiled(source))


def untranslated(source: Path, sentences: Iterable[str]) -> list[str]:
    """The sentences that a `.po` file says nothing about."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    return [
        sentence for sentence in sentences if not getattr(catalogue.get(sentence), "string", "")
    ]


if __name__ == "__main__":
    main(_HERE.parent)
