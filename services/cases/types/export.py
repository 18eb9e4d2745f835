"""Exports in the background."""

from typing import Final, Self

import strawberry

from kit.contract import Capability, JobState
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.export import ExportJob
from kit.subgraph.node import entities, ids_of
from kit.subgraph.rules import any_of_all
from kit.subgraph.scalars import URL
from services.cases import models
from services.cases.context import Info

PREFIX: Final = "cexp"

#: Who reads all cases of an account may take them home; staff need the right to reports.
OWNERS: Final = any_of_all(
    [Capability.CASE_READ_ALL], [Capability.REPORT_EXPORT, Capability.STAFF_CASE]
)

_FOLDER: Final = "/files/cases/exports"


@strawberry.federation.type(keys=["id"], directives=[OWNERS])
class CaseExport(ExportJob):
    """Cases as a file."""

    row: strawberry.Private[models.CaseExport]

    @classmethod
    def of(cls, row: models.CaseExport, url: URL | None) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            format=row.format,
            state=row.state,
            row_count=row.row_count,
            expires_at=row.expires_at,
            url=url,
            row=row,
        )

    @classmethod
    def signed(cls, info: Info, row: models.CaseExport) -> Self:
        """With the URL of its file, once there is one."""
        if row.state is not JobState.DONE:
            return cls.of(row, None)
        path = f"{_FOLDER}/{to_global(PREFIX, row.id)}"
        context = info.context
        signed = context.signed_urls.sign("GET", path, caller=context.principal.id)
        return cls.of(row, URL(signed.url))

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        ids = ids_of(PREFIX, keys)
        return await entities(
            ids, info.context.loaders.case_export, lambda row: cls.signed(info, row)
        )
