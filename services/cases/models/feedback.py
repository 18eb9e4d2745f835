"""What people think of the help they got, and what they want to hear of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.principal import Principal
from services.cases.models.case import is_staff, visible_cases
from services.cases.models.registry import Base


class CaseRating(Base, kw_only=True):
    """How content a person was with how a case went, from 1 to 5: the last that they said."""

    __tablename__ = "case_ratings"
    __table_args__ = (
        Index(None, "account_id", "created_at"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    score: Mapped[int]
    remark: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """The staff that sees the case, and each person their own."""
        visible = cls.case_id.in_(visible_cases())
        return visible if is_staff(principal) else visible & (cls.user_id == principal.id)


class ArticleFeedback(Base, kw_only=True):
    """Whether an article has helped a person: the last that they said."""

    __tablename__ = "article_feedback"

    article_id: Mapped[UUID] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    helpful: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """The staff, and each person their own."""
        return true() if is_staff(principal) else cls.user_id == principal.id


class NotificationPreference(Base, kw_only=True):
    """Which mails a person wants about the cases of an account. Without: all of them."""

    __tablename__ = "notification_preferences"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_comment: Mapped[bool] = mapped_column(default=True)
    on_status: Mapped[bool] = mapped_column(default=True)
    on_file_request: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own."""
        return cls.user_id == principal.id
