"""What is said in a case, and the files that support asks for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.case import is_staff, visible_cases
from services.cases.models.registry import Base


class CaseComment(Base, kw_only=True):
    """One contribution. Internal ones are notes among the staff: nobody else learns of them."""

    __tablename__ = "case_comments"
    __table_args__ = (
        Index(None, "case_id", "created_at", "id"),
        Index(
            "ix_case_comments_body_trigrams",
            "body",
            postgresql_using="gin",
            postgresql_ops={"body": "gin_trgm_ops"},
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID]
    body: Mapped[str]
    internal: Mapped[bool] = mapped_column(default=False)
    #: Whether the case, which had ended, went on because of it.
    reopened: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case; notes, the staff only."""
        visible = cls.case_id.in_(visible_cases())
        return visible if is_staff(principal) else visible & cls.internal.is_(False)


class FileRequest(Base, kw_only=True):
    """Support asks for files; the comment is where it says so."""

    __tablename__ = "file_requests"
    __table_args__ = (Index(None, "account_id", "case_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("case_comments.id"))
    requested_by_id: Mapped[UUID]
    what: Mapped[str]
    fulfilled_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case."""
        return cls.case_id.in_(visible_cases())
