"""The matrix as a page of the documentation."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from gateway.supergraph.model import Rule
from portal.access.demands import in_words
from portal.access.matrix import Cell, Coordinate, Matrix
from portal.access.reach import MARKS, in_order

_ROOTS: Final = ("Query", "Mutation", "Subscription")
_INTRODUCTION: Final = """\
# Who sees which field

Made by `python -m portal access matrix` from the supergraph's rules; a test asks the running
gateway for every cell. Row rules in the services decide which objects somebody finds at all; the
marks say how far the right reaches by which a field is seen.
"""


def page(matrix: Matrix) -> str:
    """The whole page, Markdown."""
    numbers = _numbers(matrix)
    lines = [
        _INTRODUCTION,
        "| column | who |",
        "|---|---|",
        *(f"| {column.code} | {column.title} |" for column in matrix.columns),
        "",
        "| cell | meaning |",
        "|---|---|",
        *(f"| {_mark(mark)} | {meaning} |" for mark, meaning in MARKS.items()),
        "| `R1`, `R2`, … | denied: this rule is not met |",
        "| – | nothing that may be seen leads here |",
        "",
        "| rule | asks for |",
        "|---|---|",
        *(f"| {name} | {words} |" for words, name in numbers.items()),
        *(line for part in _types(matrix, numbers) for line in part),
    ]
    return "\n".join(lines) + "\n"


def _numbers(matrix: Matrix) -> Mapping[str, str]:
    """The rules' names, by what they ask for."""
    asked = {in_words([rule]) for rule in matrix.rules.values()}
    return {words: f"R{number}" for number, words in enumerate(sorted(asked), start=1)}


def _types(matrix: Matrix, numbers: Mapping[str, str]) -> Iterator[list[str]]:
    def place(field: Coordinate) -> tuple[int, str]:
        type = field[0]
        return (_ROOTS.index(type) if type in _ROOTS else len(_ROOTS), type)

    codes = [column.code for column in matrix.columns]
    for (_, type), fields in groupby(sorted(matrix.cells, key=place), key=place):
        head = " | ".join(("field", "rules", *codes))
        lines = ["", f"## {type}", "", f"| {head} |", "|---" * (len(codes) + 2) + "|"]
        for field in fields:
            rules = matrix.guards.get(field, {})
            cells = matrix.cells[field]
            shown = [_cell(cells[code], matrix.rules, numbers) for code in codes]
            lines.append(f"| {' | '.join((field[1], _rules(rules, numbers), *shown))} |")
        yield lines


def _rules(rules: Mapping[str, Rule], numbers: Mapping[str, str]) -> str:
    return " ".join(dict.fromkeys(numbers[in_words([rule])] for rule in rules.values())) or "–"


def _cell(cell: Cell, rules: Mapping[str, Rule], numbers: Mapping[str, str]) -> str:
    if cell.denied_by is not None:
        return f"`{numbers[in_words([rules[cell.denied_by]])]}`"
    return _mark(in_order(cell.marks)) if cell.marks else "–"


def _mark(marks: str) -> str:
    # An asterisk alone would begin emphasis.
    return marks.replace("*", "\\*")
