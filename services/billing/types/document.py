"""Copies of invoices and credit notes."""

from typing import Self

import strawberry

from kit.subgraph.scalars import URL
from services.billing import models
from services.billing.context import Context
from services.billing.models import DocumentFormat


@strawberry.type
class InvoiceDocument:
    """A copy whose bytes never change; `url` is signed, short-lived and bound to the caller."""

    format: DocumentFormat
    url: URL
    sha256: str

    @classmethod
    def of(cls, row: models.Document, context: Context) -> Self:
        """From its row, for this caller."""
        path = f"/files/billing/documents/{row.id}"
        signed = context.files.sign("GET", path, caller=context.principal.id)
        return cls(format=row.format, url=URL(signed.url), sha256=row.sha256)
