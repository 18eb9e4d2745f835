"""Exports of cases, made in the background."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.exports.job import ExportJob
from services.cases.models.registry import Base


class CaseExport(ExportJob, Base, kw_only=True):
    """The cases that match a filter, as a file."""

    __tablename__ = "case_exports"

    #: The filter as the client gave it.
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB, default_factory=dict)
