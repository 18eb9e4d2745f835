"""Excel 97 workbooks (.xls): 65,536 rows, not one more."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import xlwt

from kit.contract import ExportFormat
from kit.exports.cells import Cell, Row, as_text, decimals_of, in_utc, is_countable, is_exact
from kit.exports.sheet import Limits, sheet_name
from kit.exports.xlsx_file import number_format

_MOST_ROWS: Final = 65_536
_WIDTH: Final = 20
#: Rows are packed as they are finished: text and styles is all that stays in memory.
_PACKED_EVERY: Final = 1_000


class XlsFile:
    """xlwt writes text as text, never as a formula."""

    def __init__(self, path: Path, *, title: str) -> None:
        self._path = path
        self._workbook: Any = xlwt.Workbook(encoding="utf-8")
        self._sheet: Any = self._workbook.add_sheet(sheet_name(title))
        self._sheet.set_panes_frozen(True)
        self._sheet.set_horz_split_pos(1)
        self._sheet.col_default_width = _WIDTH
        # xlwt would open one by itself and never close it: `close` does.
        self._packed = self._sheet.row_tempfile = TemporaryFile(dir=path.parent)  # noqa: SIM115
        self._style = cache(_new_style)
        self._limits = Limits(ExportFormat.XLS, _MOST_ROWS)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows. Raises `TooManyRows` and `CellTooLong`."""
        for row in rows:
            number = self._limits.next_row()
            for column, cell in enumerate(row):
                self._write_cell(number, column, cell)
            if number % _PACKED_EVERY == _PACKED_EVERY - 1:
                self._sheet.flush_row_data()

    def close(self) -> None:
        """Finish the file."""
        with self._packed:
            self._workbook.save(str(self._path))

    def _write_cell(self, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case datetime() if is_countable(cell):
                style = self._style("yyyy-mm-dd hh:mm:ss")
                self._sheet.write(row, column, in_utc(cell), style)
            case date() if is_countable(cell):
                self._sheet.write(row, column, cell, self._style("yyyy-mm-dd"))
            case int() | Decimal() if is_exact(cell):
                self._sheet.write(row, column, cell, self._style(number_format(decimals_of(cell))))
            case _:
                self._sheet.write(row, column, self._limits.checked(as_text(cell)))


def _new_style(number_format: str) -> Any:
    return xlwt.easyxf(num_format_str=number_format)
