"""The custom scalars of the schema. Each accepts one spelling of a value and writes that one."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

_DECIMAL: Final = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)

URL = NewType("URL", str)


def _read_decimal(value: Any) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError('A Decimal is a string of digits such as "12.50".')
    return Decimal(value)


def _read_datetime(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError("A DateTime is a string in RFC 3339.")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("A DateTime names its offset from UTC.")
    return moment.astimezone(UTC)


def _write_datetime(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: Passed to every subgraph's schema.
SCALARS: Final[dict[object, ScalarDefinition]] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="Exact decimal carried as a string: never a float.",
        serialize=lambda value: format(value, "f"),
        parse_value=_read_decimal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, RFC 3339.",
        serialize=_write_datetime,
        parse_value=_read_datetime,
    ),
    URL: strawberry.scalar(name="URL", serialize=str, parse_value=URL),
}
