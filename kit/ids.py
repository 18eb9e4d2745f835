"""Global ids: a prefix that names the type and a UUIDv7, `case_01J9Z3NDEKTSV4RRFFQ69G5FAV`.

The UUID is written in Crockford's base 32, most significant digit first, 26 digits, so that ids
of one type sort by the time they were made.
"""

from typing import Final
from uuid import UUID

import uuid_utils

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(high + low for high in _DIGITS for low in _DIGITS)
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
_LENGTH: Final = 26


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ordered by the time it was made."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def to_global(prefix: str, id: UUID) -> str:
    """The global id of a thing of the type that `prefix` names."""
    number = id.int
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)]
    return f"{prefix}_{''.join(pairs)}"


def from_global(prefix: str, text: str) -> UUID | None:
    """The UUID in a global id; None when no thing of that type can have this id."""
    head, _, digits = text.rpartition("_")
    if head != prefix or len(digits) != _LENGTH:
        return None
    number = 0
    for digit in digits:
        value = _VALUES.get(digit)
        if value is None:
            return None
        number = number << 5 | value
    return UUID(int=number) if number < 1 << 128 else None


def prefix_of(text: str) -> str:
    """The prefix of a global id; empty when it has none."""
    return text.rpartition("_")[0]
