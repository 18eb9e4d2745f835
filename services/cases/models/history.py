"""What happened to a case, and who has looked at it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.case import is_staff, visible_cases
from services.cases.models.registry import Base


class CaseEventKind(StrEnum):
    """What can happen to a case."""

    CREATED = "CREATED"
    STATUS_CHANGED = "STATUS_CHANGED"
    IMPACT_CHANGED = "IMPACT_CHANGED"
    SEVERITY_CHANGED = "SEVERITY_CHANGED"
    QUEUE_CHANGED = "QUEUE_CHANGED"
    ASSIGNED = "ASSIGNED"
    EDITED = "EDITED"
    COMMENTED = "COMMENTED"
    NOTED = "NOTED"
    FILE_ADDED = "FILE_ADDED"
    FILES_REQUESTED = "FILES_REQUESTED"
    REOPENED = "REOPENED"
    SHARED = "SHARED"
    UNSHARED = "UNSHARED"
    RATED = "RATED"


class CaseEvent(Base, kw_only=True):
    """One change. `kind` is a `CaseEventKind` by name; `before` and `after` are values by name
    or global ids, where there are any."""

    __tablename__ = "case_events"
    __table_args__ = (Index(None, "case_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    #: None when nobody did it: a clock ran out, a retention period ended.
    actor_id: Mapped[UUID | None]
    kind: Mapped[str]
    before: Mapped[str | None] = mapped_column(default=None)
    after: Mapped[str | None] = mapped_column(default=None)
    #: Triage, notes and holding are the staff's affair.
    staff_only: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case; the staff's affairs, the staff only."""
        visible = cls.case_id.in_(visible_cases())
        return visible if is_staff(principal) else visible & cls.staff_only.is_(False)


class CaseViewing(Base, kw_only=True):
    """When a person last looked at a case: the list of recently viewed ones, and what is unread."""

    __tablename__ = "case_viewings"
    __table_args__ = (Index(None, "user_id", "viewed_at", "case_id"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[UUID]
    viewed_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each person's own, of cases that they still see."""
        return (cls.user_id == principal.id) & cls.case_id.in_(visible_cases())
