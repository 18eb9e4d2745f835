"""Exports of product keys, made in the background."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.exports.job import ExportJob
from services.licensing.models.registry import Base


class KeyExport(ExportJob, Base, kw_only=True):
    """The keys that match `filter`, perhaps with the history of each."""

    __tablename__ = "key_exports"

    #: The client's filter as JSON, by the names of the schema.
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB, default_factory=dict)
    with_history: Mapped[bool] = mapped_column(default=False)
