"""Office Open XML (.xlsx), row by row: memory does not grow with the list."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from kit.contract import ExportFormat
from kit.exports.cells import (
    Cell,
    Row,
    as_text,
    decimals_of,
    in_utc,
    is_countable,
    is_exact,
    is_formula,
)
from kit.exports.sheet import Limits, sheet_name

_MOST_ROWS: Final = 1_048_576
_WIDTH: Final = 20


class XlsxFile:
    """Text is text, also when it looks like a formula: then it is marked as quoted."""

    def __init__(self, path: Path, *, title: str) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent), "in_memory": False}
        self._workbook: Any = xlsxwriter.Workbook(str(path), options)
        self._sheet: Any = self._workbook.add_worksheet(sheet_name(title))
        self._sheet.set_column(0, 255, _WIDTH)
        self._sheet.freeze_panes(1, 0)
        self._format = cache(self._new_format)
        self._limits = Limits(ExportFormat.XLSX, _MOST_ROWS)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows. Raises `TooManyRows` and `CellTooLong`."""
        for row in rows:
            number = self._limits.next_row()
            for column, cell in enumerate(row):
                self._write_cell(number, column, cell)

    def close(self) -> None:
        """Finish the file."""
        self._workbook.close()

    def _write_cell(self, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case datetime() if is_countable(cell):
                style = self._format("num_format", "yyyy-mm-dd hh:mm:ss")
                self._sheet.write_datetime(row, column, in_utc(cell), style)
            case date() if is_countable(cell):
                style = self._format("num_format", "yyyy-mm-dd")
                self._sheet.write_datetime(row, column, cell, style)
            case int() | Decimal() if is_exact(cell):
                style = self._format("num_format", number_format(decimals_of(cell)))
                self._sheet.write_number(row, column, cell, style)
            case _:
                text = self._limits.checked(as_text(cell))
                quoted = self._format("quote_prefix", True) if is_formula(text) else None
                self._sheet.write_string(row, column, text, quoted)

    def _new_format(self, name: str, value: object) -> Any:
        return self._workbook.add_format({name: value})


def number_format(decimals: int) -> str:
    """A spreadsheet's format of numbers with this many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"
