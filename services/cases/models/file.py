"""Files of cases and the uploads that bring them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.case import is_staff, visible_cases
from services.cases.models.registry import Base


class FileState(StrEnum):
    """Only a READY file can be fetched."""

    UPLOADING = "UPLOADING"
    SCANNING = "SCANNING"
    READY = "READY"
    QUARANTINED = "QUARANTINED"
    ABANDONED = "ABANDONED"


class CaseFile(Base, kw_only=True):
    """A file of a case. `size` is in bytes; `object_key` says where it is kept."""

    __tablename__ = "case_files"
    __table_args__ = (
        Index(None, "case_id", "created_at", "id"),
        Index(None, "comment_id"),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_comments.id"), default=None)
    name: Mapped[str]
    content_type: Mapped[str] = mapped_column(default="application/octet-stream")
    size: Mapped[int] = mapped_column(BigInteger)
    #: In hexadecimal; of the content, once it is here.
    sha256: Mapped[str | None] = mapped_column(default=None)
    state: Mapped[FileState] = mapped_column(named(FileState), default=FileState.UPLOADING)
    #: Belongs to an internal note.
    internal: Mapped[bool] = mapped_column(default=False)
    object_key: Mapped[str | None] = mapped_column(default=None)
    uploaded_by_id: Mapped[UUID]
    scanned_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case; those of notes, the staff only."""
        visible = cls.case_id.in_(visible_cases())
        return visible if is_staff(principal) else visible & cls.internal.is_(False)


class UploadSession(Base, kw_only=True):
    """One upload: how many bytes have arrived, and until when the rest is waited for."""

    __tablename__ = "upload_sessions"
    __table_args__ = (
        Index(None, "account_id", "user_id", "created_at"),
        Index(None, "file_id", unique=True),
        Index(None, "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("case_files.id"))
    user_id: Mapped[UUID]
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever began it, for as long as they see the case."""
        return (cls.user_id == principal.id) & cls.file_id.in_(select(CaseFile.id))
