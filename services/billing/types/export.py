"""Exports in the background."""

from functools import partial
from typing import Self

import strawberry

from kit.contract import Capability, JobState
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.export import ExportJob
from kit.subgraph.node import entities, ids_of
from kit.subgraph.rules import any_of
from kit.subgraph.scalars import URL
from services.billing import models
from services.billing.context import Context, Info

PREFIX = "iexp"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.INVOICE_READ)])
class InvoiceExport(ExportJob):
    """Invoices as a file."""

    @classmethod
    def of(cls, row: models.InvoiceExport, context: Context) -> Self:
        """From its row, for this caller."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            format=row.format,
            state=row.state,
            row_count=row.row_count,
            url=_url(row, context) if row.state is JobState.DONE else None,
            expires_at=row.expires_at,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        convert = partial(cls.of, context=info.context)
        return await entities(ids_of(PREFIX, keys), info.context.loaders.invoice_export, convert)


def _url(row: models.InvoiceExport, context: Context) -> URL:
    path = f"/files/billing/exports/{to_global(PREFIX, row.id)}"
    return URL(context.files.sign("GET", path, caller=context.principal.id).url)
