"""The committed matrix of roles and fields, read back from the documentation."""

from collections.abc import Mapping
from enum import StrEnum

from portal.commands.access import MATRIX


class Answer(StrEnum):
    """What a cell says."""

    ALLOWED = "allowed"
    DENIED = "denied"
    #: Nothing that may be seen leads there.
    UNREACHED = "unreached"


#: By type, field and column.
Cells = Mapping[tuple[str, str], Mapping[str, Answer]]


def committed_cells() -> Cells:
    """The cells as they are in the file."""
    cells: dict[tuple[str, str], Mapping[str, Answer]] = {}
    type, codes = "", list[str]()
    for line in MATRIX.read_text().splitlines():
        if line.startswith("## "):
            type = line.removeprefix("## ")
        elif type and line.startswith("| "):
            name, rules, *row = [part.strip() for part in line.strip("|").split("|")]
            if rules == "rules":
                codes = row
            else:
                cells[type, name] = dict(zip(codes, map(_answer, row), strict=True))
    return cells


def _answer(cell: str) -> Answer:
    if cell.startswith("`R"):
        return Answer.DENIED
    return Answer.UNREACHED if cell == "–" else Answer.ALLOWED
