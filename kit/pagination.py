"""Keyset pagination: pages that stay right while rows come and go.

A cursor holds the order values of the last row. It is authenticated and bound to its list (name,
filters, order) and caller, so one altered, or taken from another list, is refused. NULL sorts
last in both directions; the id breaks ties.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kit.database import array_of
from kit.errors import InvalidCursor, InvalidPageSize

#: The most rows one page may hold.
MAX_PAGE: Final = 100

_MAC_BYTES: Final = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of which list. `list_name` says all that makes this list differ from another:
    field, filters, order and caller. Raises `InvalidPageSize`."""

    list_name: str
    first: int = 20
    after: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.first <= MAX_PAGE:
            raise InvalidPageSize(self.first, MAX_PAGE)


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One column of an order. `nullable` columns sort their NULLs last."""

    column: Any
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Keyset:
    """A total order: the last column is unique."""

    columns: tuple[OrderBy, ...]

    def order(self) -> list[ColumnElement[Any]]:
        """The ORDER BY list."""
        return [_directed(by, by.column) for by in self.columns]

    def after(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Rows behind the row that had these order values."""
        if not any(by.nullable for by in self.columns) and len(self._directions) == 1:
            row = tuple_(*(by.column for by in self.columns))
            last = tuple_(*values, types=[by.column.type for by in self.columns])
            return row < last if self.columns[0].descending else row > last
        behind: ColumnElement[bool] | None = None
        for by, value in reversed(list(zip(self.columns, values, strict=True))):
            later = _later(by, value)
            behind = later if behind is None else or_(later, and_(_equal(by, value), behind))
        return behind if behind is not None else true()

    @property
    def _directions(self) -> set[bool]:
        return {by.descending for by in self.columns}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in order, each with its cursor."""

    nodes: tuple[T, ...] = ()
    cursors: tuple[str, ...] = ()
    has_next: bool = False
    has_previous: bool = False

    def map(self, convert: Callable[[T], Any]) -> "Page[Any]":
        """The same page of converted rows."""
        nodes = tuple(convert(node) for node in self.nodes)
        return Page(nodes, self.cursors, self.has_next, self.has_previous)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads cursors under one secret."""

    secret: bytes

    def encode(self, list_name: str, values: Sequence[Any]) -> str:
        """The cursor of the row with these order values."""
        payload = orjson.dumps([_frozen(value) for value in values])
        return base64.urlsafe_b64encode(self._mac(list_name, payload) + payload).decode()

    def decode(self, list_name: str, text: str, keyset: Keyset) -> list[Any]:
        """The order values in a cursor of this list. Raises `InvalidCursor`."""
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            raise InvalidCursor from None
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(list_name, payload)):
            raise InvalidCursor
        return [
            _thawed(by.column.type.python_type, value)
            for by, value in zip(keyset.columns, orjson.loads(payload), strict=True)
        ]

    def _mac(self, list_name: str, payload: bytes) -> bytes:
        list_digest = hashlib.sha256(list_name.encode()).digest()
        return hmac.digest(self.secret, list_digest + payload, "sha256")[:_MAC_BYTES]


@dataclass(frozen=True, slots=True)
class Paginator:
    """Cuts pages out of ORM selects of one entity."""

    cursors: Cursors

    async def page(
        self, session: AsyncSession, rows: Select[T], keyset: Keyset, request: PageRequest
    ) -> Page[T]:
        """One page of `rows`. Raises `InvalidCursor`."""
        found = (await session.execute(self._cut(rows, keyset, request))).all()
        return self._page(found, request)

    async def pages_by(
        self,
        parent: ColumnElement[UUID] | InstrumentedAttribute[UUID],
        ids: Sequence[UUID],
        session: AsyncSession,
        rows: Select[T],
        keyset: Keyset,
        request: PageRequest,
    ) -> Mapping[UUID, Page[T]]:
        """The same page of many parents' lists, in one statement with one index walk each.

        `request.list_name` must not name a parent: a cursor is good for any of them.
        """
        entity = rows.column_descriptions[0]["entity"]
        parents = select(func.unnest(array_of(ids)).label("id")).subquery("parents")
        cut = self._cut(rows.where(parent == parents.c.id), keyset, request)
        lateral = cut.correlate(parents).lateral("page")
        values = [lateral.c[_label(n)] for n in range(len(keyset.columns))]
        order = [_directed(by, value) for by, value in zip(keyset.columns, values, strict=True)]
        statement = (
            select(parents.c.id, aliased(entity, lateral), *values)
            .select_from(parents.join(lateral, true()))
            .order_by(*order)
        )
        found: dict[UUID, list[Sequence[Any]]] = {id: [] for id in ids}
        for id, *row in (await session.execute(statement)).all():
            found[id].append(row)
        return {id: self._page(page, request) for id, page in found.items()}

    def _cut(self, rows: Select[Any], keyset: Keyset, request: PageRequest) -> Select[Any]:
        if request.after is not None:
            last = self.cursors.decode(request.list_name, request.after, keyset)
            rows = rows.where(keyset.after(last))
        labels = [by.column.label(_label(n)) for n, by in enumerate(keyset.columns)]
        return rows.add_columns(*labels).order_by(*keyset.order()).limit(request.first + 1)

    def _page(self, found: Sequence[Any], request: PageRequest) -> Page[Any]:
        kept = found[: request.first]
        return Page(
            nodes=tuple(row[0] for row in kept),
            cursors=tuple(self.cursors.encode(request.list_name, row[1:]) for row in kept),
            has_next=len(found) > request.first,
            has_previous=request.after is not None,
        )


def _label(position: int) -> str:
    return f"order_{position}"


def _directed(by: OrderBy, column: ColumnElement[Any]) -> ColumnElement[Any]:
    ordered = column.desc() if by.descending else column.asc()
    return ordered.nulls_last() if by.nullable else ordered


def _later(by: OrderBy, value: Any) -> ColumnElement[bool]:
    if value is None:
        return false()
    later: ColumnElement[bool] = by.column < value if by.descending else by.column > value
    return or_(later, by.column.is_(None)) if by.nullable else later


def _equal(by: OrderBy, value: Any) -> ColumnElement[bool]:
    equal: ColumnElement[bool] = by.column.is_(None) if value is None else by.column == value
    return equal


def _frozen(value: Any) -> Any:
    match value:
        case Decimal() | UUID():  # asyncpg's UUID is a subclass, which orjson refuses
            return str(value)
        case Enum():
            return value.name
        case _:
            return value  # orjson writes dates and times in their ISO forms


def _thawed(kind: type[Any], value: Any) -> Any:
    if value is None:
        return None
    if issubclass(kind, Enum):
        return kind[value]
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    return kind(value)
