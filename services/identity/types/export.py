"""Exports in the background."""

from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.export import ExportJob
from kit.subgraph.node import entities, ids_of
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Info

PREFIX = "uexp"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.REPORT_EXPORT)])
class UserExport(ExportJob):
    """The people of one account as a file."""

    @classmethod
    def of(cls, row: models.UserExport) -> Self:
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
        return await entities(ids_of(PREFIX, keys), info.context.loaders.user_export, cls.of)
