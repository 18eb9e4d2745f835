"""Why a list cannot become the file that was asked for. Nothing is ever cut off instead.

DomainError
  Invalid
    ExportRefused
      TooManyRows
      CellTooLong
  TooManyExports
  TooManyWaiting
"""

from enum import StrEnum
from typing import ClassVar

from kit.contract import ErrorCode, ExportFormat
from kit.errors import DomainError, Invalid
from kit.messages import N_


class ExportFailure(StrEnum):
    """Why there is no file and never will be. Kept in the job's `error`: never rename them."""

    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    CELL_TOO_LONG = "CELL_TOO_LONG"
    FORBIDDEN = "FORBIDDEN"
    INTERNAL = "INTERNAL"


class ExportRefused(Invalid):
    """The format cannot hold this list."""

    reason: ClassVar[ExportFailure]


class TooManyRows(ExportRefused):
    """The list is longer than a sheet of this format."""

    reason = ExportFailure.TOO_MANY_ROWS
    sentence = N_("The {format} format holds at most {most} rows under its header: choose another.")

    def __init__(self, format: ExportFormat, most: int) -> None:
        super().__init__(path=("format",), format=format.value, most=most)


class CellTooLong(ExportRefused):
    """A text is longer than a cell of this format."""

    reason = ExportFailure.CELL_TOO_LONG
    sentence = N_("The {format} format holds at most {most} characters in a cell: choose CSV.")

    def __init__(self, format: ExportFormat, most: int) -> None:
        super().__init__(path=("format",), format=format.value, most=most)


class TooManyExports(DomainError):
    """The caller has asked for enough lately. `most` counts those of `hours`."""

    code = ErrorCode.RATE_LIMITED
    sentence = N_("At most {most} exports in {hours} hours: wait before asking for another.")


class TooManyWaiting(DomainError):
    """The caller's earlier exports come first."""

    code = ErrorCode.RATE_LIMITED
    sentence = N_("At most {most} exports are prepared at once: wait until one of them is ready.")
