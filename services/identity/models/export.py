"""Exports of an account's people and of its audit log, made in the background."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability
from kit.exports.job import ExportJob
from services.identity.models.registry import Base


class UserExport(ExportJob, Base, kw_only=True):
    """The members of an account."""

    __tablename__ = "user_exports"

    besides: ClassVar[frozenset[Capability]] = frozenset({Capability.MEMBER_READ})


class AuditExport(ExportJob, Base, kw_only=True):
    """What was done in an account, from `since` up to, not including, `until`."""

    __tablename__ = "audit_exports"

    capability: ClassVar[Capability] = Capability.AUDIT_READ

    since: Mapped[datetime | None] = mapped_column(default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)
