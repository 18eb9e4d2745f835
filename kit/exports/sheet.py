"""The limits of a spreadsheet's sheet, kept before its library would cut or corrupt anything."""

from dataclasses import dataclass
from typing import Final

from kit.contract import ExportFormat
from kit.exports.errors import CellTooLong, TooManyRows

#: UTF-16 code units in a cell, in both formats.
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(slots=True)
class Limits:
    """Counts the rows of one sheet, its header included."""

    format: ExportFormat
    most: int
    row: int = -1

    def next_row(self) -> int:
        """The number of the next row, from 0. Raises `TooManyRows`."""
        self.row += 1
        if self.row >= self.most:
            raise TooManyRows(self.format, self.most - 1)
        return self.row

    def checked(self, text: str) -> str:
        """The text itself. Raises `CellTooLong`."""
        if len(text) > _LONGEST_CELL // 2 and len(text.encode("utf-16-le")) // 2 > _LONGEST_CELL:
            raise CellTooLong(self.format, _LONGEST_CELL)
        return text


def sheet_name(title: str) -> str:
    """The title as a sheet may be called."""
    return title.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME].rstrip() or "1"
