"""Cases and the people they are shared with."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Sequence,
    and_,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models.registry import Base


class CaseQueue(StrEnum):
    """The desk that deals with a case."""

    TECHNICAL_SUPPORT = "TECHNICAL_SUPPORT"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    LICENSING = "LICENSING"


class CaseStatus(StrEnum):
    """ON_HOLD is staff-only: customers read it as OPEN."""

    NEW = "NEW"
    OPEN = "OPEN"
    PENDING_CUSTOMER = "PENDING_CUSTOMER"
    ON_HOLD = "ON_HOLD"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


#: No work is left in these.
ENDED: Final = (CaseStatus.RESOLVED, CaseStatus.CLOSED)


class CaseImpact(StrEnum):
    """How badly the customer is hindered, least first."""

    QUESTION = "QUESTION"
    REDUCED = "REDUCED"
    SEVERE = "SEVERE"
    PRODUCTION_DOWN = "PRODUCTION_DOWN"


class CaseAccess(StrEnum):
    """What a case is shared for."""

    READ = "READ"
    COMMENT = "COMMENT"


#: Gives the cases their numbers.
case_numbers: Final = Sequence("case_numbers", metadata=Base.metadata)


class Case(Base, kw_only=True):
    """One request for help.

    What customers may not notice leaves their moments alone: `updated_at` is the staff's,
    `customer_updated_at` everyone else's. Nor does it count in `version`, but in `staff_changes`.
    `due_at` is the earlier of the running due times, or None while no clock runs: a case is late
    from then on.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "account_id", "created_at", "id"),
        Index(None, "account_id", "customer_updated_at", "id"),
        Index(None, "account_id", "requester_id", "created_at", "id"),
        Index(None, "account_id", "queue", "status"),
        # The desks look at all accounts at once.
        Index(None, "queue", "created_at", "id"),
        Index(None, "queue", "updated_at", "id"),
        Index(
            "ix_cases_open",
            "queue",
            "due_at",
            postgresql_where=text("status NOT IN ('RESOLVED', 'CLOSED')"),
        ),
        Index(
            "ix_cases_assignee_id", "assignee_id", postgresql_where=text("assignee_id IS NOT NULL")
        ),
        Index("ix_cases_product_key_id", "product_key_id"),
        # Those that close by themselves.
        Index("ix_cases_resolved", "resolved_at", postgresql_where=text("status = 'RESOLVED'")),
        Index(
            "ix_cases_text_trigrams",
            "subject",
            "description",
            postgresql_using="gin",
            postgresql_ops={"subject": "gin_trgm_ops", "description": "gin_trgm_ops"},
        ),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity_in_range"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID]
    requester_id: Mapped[UUID]
    queue: Mapped[CaseQueue] = mapped_column(named(CaseQueue))
    status: Mapped[CaseStatus] = mapped_column(named(CaseStatus), default=CaseStatus.NEW)
    impact: Mapped[CaseImpact] = mapped_column(named(CaseImpact))
    #: The staff's own judgement, 1 the most severe.
    severity: Mapped[int | None] = mapped_column(default=None)
    subject: Mapped[str]
    description: Mapped[str]
    type: Mapped[str | None] = mapped_column(default=None)
    type_detail: Mapped[str | None] = mapped_column(default=None)
    product_version: Mapped[str | None] = mapped_column(default=None)
    product_key_id: Mapped[UUID | None] = mapped_column(default=None)
    deployment_id: Mapped[UUID | None] = mapped_column(default=None)
    invoice_id: Mapped[UUID | None] = mapped_column(default=None)
    assignee_id: Mapped[UUID | None] = mapped_column(default=None)
    first_response_due_at: Mapped[datetime | None] = mapped_column(default=None)
    first_responded_at: Mapped[datetime | None] = mapped_column(default=None)
    next_update_due_at: Mapped[datetime | None] = mapped_column(default=None)
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    customer_updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    reopen_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    staff_changes: Mapped[int] = mapped_column(default=0)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """All of an account, or one's own and those shared with one; staff: their queues."""
        # The bare table: the rule of participants asks for the rule of cases.
        shares = CaseParticipant.__table__
        shared = select(shares.c.case_id).where(shares.c.user_id == principal.id)
        return or_(
            in_accounts(cls.account_id, principal, Capability.CASE_READ_ALL),
            and_(
                in_accounts(cls.account_id, principal, Capability.CASE_READ_OWN),
                or_(cls.requester_id == principal.id, cls.id.in_(shared)),
            ),
            cls.queue.in_(queues_of(principal)) if is_staff(principal) else false(),
        )

    @property
    def has_ended(self) -> bool:
        """Whether no work is left."""
        return self.status in ENDED

    def changed(self, now: datetime) -> None:
        """Something that everyone may see is different."""
        self.updated_at = self.customer_updated_at = now
        self.version += 1

    def changed_among_staff(self, now: datetime) -> None:
        """Something that customers may not notice is different."""
        self.updated_at = now
        self.staff_changes += 1

    def version_for(self, *, staff: bool) -> int:
        """How many changes the reader may know of, and one: it is another after each of them."""
        return self.version + self.staff_changes if staff else self.version

    def resolve(self, now: datetime) -> None:
        """An answer has been found."""
        self.status = CaseStatus.RESOLVED
        self.resolved_at = now

    def close(self, now: datetime) -> None:
        """Nobody waits for anything any more."""
        self.status = CaseStatus.CLOSED
        self.resolved_at = self.resolved_at or now
        self.closed_at = now

    def reopen(self) -> None:
        """Work on it goes on."""
        self.status = CaseStatus.OPEN
        self.resolved_at = self.closed_at = None
        self.reopen_count += 1


class CaseParticipant(Base, kw_only=True):
    """A person a case is shared with."""

    __tablename__ = "case_participants"
    __table_args__ = (Index(None, "user_id", "case_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    access: Mapped[CaseAccess] = mapped_column(named(CaseAccess))
    shared_by_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever sees the case."""
        return cls.case_id.in_(visible_cases())


def visible_cases() -> Select[UUID]:
    """The ids of the cases that the caller sees: the row rule of cases narrows it."""
    return select(Case.id)


def is_staff(principal: Principal) -> bool:
    """Whether the caller deals with cases for the vendor."""
    return Capability.STAFF_CASE in principal.everywhere


def queues_of(principal: Principal) -> list[CaseQueue]:
    """The queues that a member of staff serves."""
    return [queue for queue in CaseQueue if queue in principal.queues]
