"""How the services' tables hold enumerations, currencies and moments."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import CHAR, Enum

_LONGEST_NAME: Final = 32

#: ISO 4217.
CURRENCY: Final = CHAR(3)

E = TypeVar("E", bound=StrEnum)


def named(kind: type[E]) -> Enum:
    """The enumeration as text, by name: a new member needs no migration."""
    return Enum(kind, native_enum=False, length=_LONGEST_NAME)


def utc_now() -> datetime:
    """The moment a row is made."""
    return datetime.now(UTC)


def plain(text: str) -> str:
    """The text without NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "")
