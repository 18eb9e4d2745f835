"""Everything in the four databases, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """Tables by `service.table`."""

    tables: Mapping[str, list[Row]]
    _indexes: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict)

    @classmethod
    async def read(cls, urls: Mapping[str, str]) -> "Rows":
        """All rows of all services."""
        tables: dict[str, list[Row]] = {}
        for service, url in urls.items():
            connection = await asyncpg.connect(url)
            await connection.set_type_codec(
                "jsonb", encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog"
            )
            names = await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            for (name,) in names:
                rows = await connection.fetch(f'SELECT * FROM "{name}"')
                tables[f"{service}.{name}"] = [dict(row) for row in rows]
            await connection.close()
        return cls(tables)

    def all(self, table: str, **equal: Any) -> list[Row]:
        """The rows of a table whose columns have these values."""
        if not equal:
            return self.tables[table]
        (column, value), *others = equal.items()
        return [
            row
            for row in self._by(table, column).get(value, ())
            if all(row[name] == wanted for name, wanted in others)
        ]

    def one(self, table: str, **equal: Any) -> Row | None:
        """The only such row, if there is one."""
        found = self.all(table, **equal)
        assert len(found) <= 1, (table, equal)
        return found[0] if found else None

    def _by(self, table: str, column: str) -> dict[Any, list[Row]]:
        index = self._indexes.get((table, column))
        if index is None:
            index = self._indexes[table, column] = {}
            for row in self.tables[table]:
                index.setdefault(row[column], []).append(row)
        return index
