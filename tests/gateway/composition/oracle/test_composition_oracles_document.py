"""The document of differences says what the tests hold."""

from pathlib import Path
from typing import Final

from tests.gateway.composition.oracle.differences import as_table

_DOCUMENT: Final = Path(__file__).parents[4] / "docs" / "composition-oracles.md"


def test_the_table_of_differences_is_the_one_that_is_tested() -> None:
    assert as_table() in _DOCUMENT.read_text()
