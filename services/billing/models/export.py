"""Exports of invoices, made in the background."""

from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability
from kit.exports.job import ExportJob
from services.billing.models.registry import Base


class InvoiceExport(ExportJob, Base, kw_only=True):
    """The invoices that match `filter`. Whoever reads invoices may export them."""

    __tablename__ = "invoice_exports"

    capability: ClassVar[Capability] = Capability.INVOICE_READ

    #: The client's filter as JSON, by the names of the schema.
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB, default_factory=dict)
