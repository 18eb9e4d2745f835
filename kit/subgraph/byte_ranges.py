"""Ranges of bytes (RFC 9110, section 14): one at a time, since more than one may be ignored."""

import re
from typing import Final

#: Longer numbers are no positions in any file: int() of them would cost more than it is worth.
_ONE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII | re.IGNORECASE)


class OutOfRange(Exception):
    """Nothing of the file is in the range that was asked."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """From where, up to but not including where; None for the whole file.

    Several ranges, other units and what cannot be read are ignored (14.2). Raises `OutOfRange`.
    """
    found = _ONE.fullmatch(header.strip()) if header is not None else None
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    elif not last:
        start, end = int(first), size
    elif int(last) < int(first):
        return None
    else:
        start, end = int(first), min(int(last) + 1, size)
    if start >= end:
        raise OutOfRange
    return start, end
