"""Every error names the subgraph, the coordinate and the line.

The sets are in `places/`: each has its code and coordinate for a heading, and `#!` ends the line
that the error is on. A subgraph links all of federation unless it is there as written.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from gateway.composition import Code, Subgraph, compose
from tests.support.composition import FEDERATION

_SET: Final = re.compile(r"^## (?P<code>\w+) (?P<coordinate>\S+)$", re.MULTILINE)
_SUBGRAPH: Final = re.compile(r"^# (?P<name>\w+)(?P<written>, as written)?$", re.MULTILINE)
_MARK: Final = "#!"

#: They are about no place in a document.
_PLACELESS: Final = {Code.NO_QUERIES, Code.INVALID_SUBGRAPH_NAME, Code.ROOT_FIELD_WITHOUT_RULE}


def _parts(heading: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    headings = list(heading.finditer(text))
    ends = [*(found.start() for found in headings[1:]), len(text)]
    for found, end in zip(headings, ends, strict=True):
        yield found, text[found.end() : end].strip()


def _cases() -> Iterator[tuple[Code, str, tuple[Subgraph, ...]]]:
    for path in sorted((Path(__file__).parent / "places").glob("*.graphql")):
        for heading, text in _parts(_SET, path.read_text()):
            subgraphs = tuple(
                Subgraph(of["name"], f"http://{of['name']}", _linked(sdl, of["written"]))
                for of, sdl in _parts(_SUBGRAPH, text)
            )
            yield Code[heading["code"]], heading["coordinate"], subgraphs


def _linked(sdl: str, written: str | None) -> str:
    return sdl if written else f"{FEDERATION}\n{sdl}"


def _marked(subgraphs: tuple[Subgraph, ...]) -> tuple[str, int]:
    [place] = [
        (subgraph.name, number)
        for subgraph in subgraphs
        for number, line in enumerate(subgraph.sdl.splitlines(), start=1)
        if line.endswith(_MARK)
    ]
    return place


CASES: Final = tuple(_cases())


@pytest.mark.parametrize(
    ("code", "coordinate", "subgraphs"), CASES, ids=[str(code) for code, _, _ in CASES]
)
def test_an_error_names_its_place(
    code: Code, coordinate: str, subgraphs: tuple[Subgraph, ...]
) -> None:
    composition = compose(subgraphs)

    places = {
        (error.subgraph, error.coordinate or "-", error.line)
        for error in composition.errors
        if error.code is code
    }
    subgraph, line = _marked(subgraphs)
    assert (subgraph, coordinate, line) in places


def test_every_code_has_a_set() -> None:
    assert {code for code, _, _ in CASES} == set(Code) - _PLACELESS
