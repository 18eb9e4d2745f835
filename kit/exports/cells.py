"""What stands in the cells of an export, whatever its format."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

#: Moments are written in UTC. None is an empty cell.
Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

#: What makes a spreadsheet take text for a formula (CWE-1236), full-width twins included; quotes
#: and blanks before it are lost on the way through some of them.
_FORMULA: Final = re.compile(r"[\t\r\n]|[\s\"\ufeff]*[=+\-@＝＋－＠]")

#: A spreadsheet's numbers are binary fractions: more digits than these do not survive.
_DIGITS: Final = 15
#: The first year that every spreadsheet counts alike.
_FIRST_YEAR: Final = 1901


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    return _FORMULA.match(text) is not None


def is_exact(number: int | Decimal) -> bool:
    """Whether a spreadsheet can hold the number without changing it."""
    decimal = Decimal(number)
    return decimal.is_finite() and len(decimal.as_tuple().digits) <= _DIGITS


def is_countable(moment: date) -> bool:
    """Whether a spreadsheet has a number for the day."""
    return moment.year >= _FIRST_YEAR


def in_utc(moment: datetime) -> datetime:
    """The moment without its zone, as spreadsheets know time."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def decimals_of(number: int | Decimal) -> int:
    """How many decimals are shown."""
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def as_text(cell: Cell) -> str:
    """The cell as text: numbers in plain notation, days and moments as ISO 8601 has them."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case datetime():
            return in_utc(cell).isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
