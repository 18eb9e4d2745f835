"""Every sentence that the code marks is French in the catalogue beside it."""

import importlib
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import kit
from kit import messages
from kit.errors import DomainError

ROOT = Path(kit.__path__[0]).parent

SOURCES = messages.sources(ROOT)

SERVICES = [f"services.{name}.errors" for name in ("billing", "cases", "identity", "licensing")]


def package_of(source: Path) -> Path:
    return source.parents[3]


def marked(package: Path) -> set[str]:
    """The sentences in `N_("…")` below a package."""
    found = extract_from_dir(str(package), [("**.py", "python")], keywords={"N_": None})
    return {str(sentence) for _, _, sentence, _, _ in found}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def by_package(source: Path) -> str:
    return package_of(source).name


@pytest.mark.parametrize("source", SOURCES, ids=by_package)
def test_no_sentence_is_left_in_english(source: Path) -> None:
    sentences = marked(package_of(source))

    assert sentences
    assert messages.untranslated(source, sorted(sentences)) == []


def test_every_refusal_is_marked() -> None:
    for module in ("kit.exports.errors", "kit.idempotency", "kit.step_up", *SERVICES):
        importlib.import_module(module)
    sentences = set().union(*(marked(package_of(source)) for source in SOURCES))

    assert {refusal for refusal in refusals() if refusal.sentence not in sentences} == set()


@pytest.mark.parametrize("source", SOURCES, ids=by_package)
def test_no_translation_is_left_over(source: Path) -> None:
    assert translated(source).keys() - marked(package_of(source)) == set()


@pytest.mark.parametrize("source", SOURCES, ids=by_package)
def test_a_translation_fills_the_same_gaps(source: Path) -> None:
    differing = {
        english: french
        for english, french in translated(source).items()
        if gaps(english) != gaps(french)
    }

    assert differing == {}


@pytest.mark.parametrize("source", SOURCES, ids=by_package)
def test_the_compiled_catalogue_is_what_its_source_gives(source: Path) -> None:
    assert source.with_suffix(".mo").read_bytes() == messages.compiled(source)


def refusals(family: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for each in family.__subclasses__():
        if "sentence" in vars(each):
            yield each
        yield from refusals(each)


def translated(source: Path) -> dict[str, str]:
    return dict(_pairs(source))


def _pairs(source: Path) -> Iterator[tuple[str, str]]:
    with source.open("rb") as file:
        for message in read_po(file, locale="fr"):
            if message.id:
                yield str(message.id), str(message.string)
