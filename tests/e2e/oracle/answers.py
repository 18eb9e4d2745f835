"""Operations answered over rows: graphql-core executes, functions written by hand resolve."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, execute_sync, parse

from kit.ids import to_global
from tests.e2e.oracle.rights import Person
from tests.e2e.oracle.rows import Row, Rows


@dataclass(frozen=True)
class Thing:
    """A row as an object of the schema."""

    type: str
    row: Row


@dataclass(frozen=True)
class Reader:
    """Who asks, and what there is. `now` is one moment for the whole operation."""

    rows: Rows
    person: Person
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()


class Denied(Exception):
    """A right is missing that a field asks for, wherever it is."""


Resolver = Callable[..., Any]
#: By type and field; what is not here is the column of the same name.
RESOLVERS: dict[tuple[str, str], Resolver] = {}
#: Prefixes of global ids, by type.
PREFIXES = {
    "Account": "acc",
    "User": "user",
    "Membership": "mem",
    "Invitation": "invt",
    "Case": "case",
    "CaseComment": "cmt",
    "CaseFile": "file",
    "ProductKey": "key",
    "KeyGroup": "grp",
    "Deployment": "dep",
    "Invoice": "inv",
    "Payment": "pay",
    "Contract": "ctr",
}


def resolves(type: str, *fields: str) -> Callable[[Resolver], Resolver]:
    """Registers a function for fields of a type: `(reader, row, **arguments)`."""

    def register(function: Resolver) -> Resolver:
        RESOLVERS.update({(type, field): function for field in fields})
        return function

    return register


def answer(
    schema: GraphQLSchema, reader: Reader, text: str, variables: Mapping[str, Any] | None
) -> ExecutionResult:
    """What the portal should say."""
    result = execute_sync(
        schema,
        parse(text),
        root_value=Thing("Query", {}),
        context_value=reader,
        variable_values=dict(variables or {}),
        field_resolver=_resolve,
        type_resolver=lambda thing, *_: thing.type,
    )
    assert isinstance(result, ExecutionResult)
    return result


def things(type: str, rows: Sequence[Row]) -> list[Thing]:
    """Rows as objects."""
    return [Thing(type, row) for row in rows]


def connection(type: str, rows: Sequence[Row], first: int | None = 20, **_: Any) -> Row:
    """The first page. Cursors are opaque: they are only there or not."""
    page = rows[: first if first is not None else 20]
    return {
        "nodes": things(type, page),
        "totalCount": len(rows),
        "pageInfo": {"hasNextPage": len(rows) > len(page), "endCursor": (page and "…") or None},
    }


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    row = source.row if isinstance(source, Thing) else source
    resolver = RESOLVERS.get((info.parent_type.name, info.field_name))
    if resolver is not None:
        return resolver(info.context, row, **arguments)
    if info.field_name == "id":
        return to_global(PREFIXES[info.parent_type.name], row["id"])
    return _plain(row.get(info.field_name, row.get(_snake(info.field_name))))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case UUID():
            raise AssertionError("Ids need a prefix.")
        case _:
            return value


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
