"""Files of cases and the uploads that bring them."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import SystemOnly, in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.case import is_staff, visible_cases
from services.cases.models.registry import Base

#: Who may open a case may bring files for it beforehand.
MAY_OPEN: Final = (Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE)


class FileState(StrEnum):
    """Only a READY file can be fetched."""

    UPLOADING = "UPLOADING"
    SCANNING = "SCANNING"
    READY = "READY"
    QUARANTINED = "QUARANTINED"
    ABANDONED = "ABANDONED"


class Finding(StrEnum):
    """What is wrong with a file."""

    #: Harmful; it is never given out.
    MALWARE = "MALWARE"
    #: Nobody can look inside: encrypted, or too much for the scanner.
    INCONCLUSIVE = "INCONCLUSIVE"
    #: Not the bytes that were announced.
    CHECKSUM_MISMATCH = "CHECKSUM_MISMATCH"
    #: The rest never came.
    EXPIRED = "EXPIRED"
    #: Whoever brought it took it back.
    CANCELLED = "CANCELLED"


class CaseFile(Base, kw_only=True):
    """A file of a case, or of one that is yet to be opened.

    `size` is in bytes; `object_key` says where it is kept.
    """

    __tablename__ = "case_files"
    __table_args__ = (
        Index(None, "case_id", "created_at", "id"),
        Index(None, "comment_id"),
        Index(
            "ix_case_files_scanning",
            "leased_until",
            "created_at",
            postgresql_where=text("state = 'SCANNING'"),
        ),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), default=None)
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
    #: Why it is quarantined or abandoned, a `Finding` by name.
    finding: Mapped[str | None] = mapped_column(default=None)
    scanned_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Until then one process looks at it, and no other.
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case; those of notes, the staff only; before there is a case, whoever
        brings it."""
        own = cls.case_id.is_(None) & (cls.uploaded_by_id == principal.id)
        visible = cls.case_id.in_(visible_cases()) | own
        return visible if is_staff(principal) else visible & cls.internal.is_(False)


class UploadSession(Base, kw_only=True):
    """One upload: how many of its `length` bytes have arrived, and until when the rest is waited
    for. One without a file is a part of another (tus 1.0, concatenation)."""

    __tablename__ = "upload_sessions"
    __table_args__ = (
        Index(None, "account_id", "user_id", "created_at"),
        Index(None, "file_id", unique=True),
        Index(None, "expires_at"),
        CheckConstraint('"offset" BETWEEN 0 AND length', name="offset_in_range"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_files.id"), default=None)
    user_id: Mapped[UUID]
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever began it, for as long as they see the case, or may open one."""
        waits = cls.file_id.is_(None) & or_(
            *(in_accounts(cls.account_id, principal, each) for each in MAY_OPEN)
        )
        return (cls.user_id == principal.id) & (cls.file_id.in_(select(CaseFile.id)) | waits)


class UploadPart(SystemOnly, Base, kw_only=True):
    """Bytes of an upload, as one object: they are counted when this row is there."""

    __tablename__ = "upload_parts"
    __table_args__ = (
        Index("uq_upload_parts_object_key", "object_key", unique=True),
        CheckConstraint("size > 0", name="size_positive"),
    )

    upload_id: Mapped[UUID] = mapped_column(
        ForeignKey("upload_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    #: Where in the file its first byte belongs.
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int]
    object_key: Mapped[str]
