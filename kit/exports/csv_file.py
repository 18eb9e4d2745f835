"""CSV (RFC 4180) as spreadsheets read it: UTF-8 with a byte order mark."""

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

from kit.exports.cells import Cell, Row, as_text, is_formula

#: Where a cell would begin if the file were read with other separators than it was written with,
#: as spreadsheets of another language do: quotes do not help there.
_LATER_FORMULA: Final = re.compile(r"([;,\t\r\n|][ \"]*)(?=[=+\-@＝＋－＠])")


class CsvFile:
    """French spreadsheets expect `;` between cells and a comma in numbers."""

    def __init__(self, path: Path, *, locale: str) -> None:
        self._french = locale == "fr"
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";" if self._french else ",")

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _text(self, cell: Cell) -> str:
        text = as_text(cell)
        match cell:
            case str():
                return _inert(text)
            case Decimal() if self._french:
                return text.replace(".", ",")
            case _:
                return text


def _inert(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might begin to run it."""
    text = _LATER_FORMULA.sub(r"\1'", text)
    return f"'{text}" if is_formula(text) else text
