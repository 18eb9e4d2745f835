"""Exports in the background."""

from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.export import ExportJob
from kit.subgraph.node import entities, ids_of
from kit.subgraph.rules import any_of_all
from services.licensing import models
from services.licensing.context import Info

PREFIX = "kexp"

#: Who reads only their own keys exports none.
OWNERS = any_of_all(
    [Capability.REPORT_EXPORT, Capability.KEY_READ_ALL],
    [Capability.REPORT_EXPORT, Capability.KEY_READ_GROUP],
)


@strawberry.federation.type(keys=["id"], directives=[OWNERS])
class KeyExport(ExportJob):
    """Product keys as a file."""

    @classmethod
    def of(cls, row: models.KeyExport) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            format=row.format,
            state=row.state,
            row_count=row.row_count,
            url=None,
            expires_at=row.expires_at,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.key_export, cls.of)
