"""The service's own tables, and how its enumerations and amounts are stored."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import CHAR, Enum

from kit import database

_LONGEST_NAME = 32

E = TypeVar("E", bound=StrEnum)

#: ISO 4217.
CURRENCY = CHAR(3)


class Base(database.Base):
    """The root of billing's models."""

    __abstract__ = True
    metadata = database.new_metadata()


def named(kind: type[E]) -> Enum:
    """The enumeration as text, by name: a new member needs no migration."""
    return Enum(kind, native_enum=False, length=_LONGEST_NAME)


def utc_now() -> datetime:
    """The moment a row is made."""
    return datetime.now(UTC)
