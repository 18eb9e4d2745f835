"""Why a list cannot become the file that was asked for. Nothing is ever cut off instead.

Invalid
  ExportRefused
    TooManyRows
    CellTooLong
"""

from typing import ClassVar

from kit.contract import ExportFormat
from kit.errors import Invalid
from kit.messages import N_


class ExportRefused(Invalid):
    """The format cannot hold this list. `reason` is kept in the job's `error`: never rename it."""

    reason: ClassVar[str]


class TooManyRows(ExportRefused):
    """The list is longer than a sheet of this format."""

    reason = "TOO_MANY_ROWS"
    sentence = N_("The {format} format holds at most {most} rows under its header: choose another.")

    def __init__(self, format: ExportFormat, most: int) -> None:
        super().__init__(path=("format",), format=format.value, most=most)


class CellTooLong(ExportRefused):
    """A text is longer than a cell of this format."""

    reason = "CELL_TOO_LONG"
    sentence = N_("The {format} format holds at most {most} characters in a cell: choose CSV.")

    def __init__(self, format: ExportFormat, most: int) -> None:
        super().__init__(path=("format",), format=format.value, most=most)
