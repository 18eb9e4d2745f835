"""What the vendor has promised: plans, targets, time zones and holidays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, true
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.database import among
from kit.principal import Principal
from services.cases.models.case import CaseImpact
from services.cases.models.registry import Base


class SupportPlan(StrEnum):
    """How much support an account has bought."""

    STANDARD = "STANDARD"
    EXTENDED = "EXTENDED"
    PREMIUM = "PREMIUM"


class AccountSupport(Base, kw_only=True):
    """An account's plan, and the zone whose business hours count. Without: STANDARD, in UTC."""

    __tablename__ = "account_support"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan: Mapped[SupportPlan] = mapped_column(named(SupportPlan))
    #: An IANA name, such as `Europe/Paris`.
    time_zone: Mapped[str] = mapped_column(default="UTC")
    updated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever has any right in the account."""
        visible: ColumnElement[bool] = among(cls.account_id, principal.accounts)
        return true() if principal.everywhere else visible


class ServiceTarget(Base, kw_only=True):
    """How soon support answers, first and later, by plan and impact; in minutes of business
    hours, or of all hours when it is `around_the_clock`."""

    __tablename__ = "service_targets"
    __table_args__ = (
        CheckConstraint("first_response > 0 AND next_update > 0", name="minutes_positive"),
    )

    plan: Mapped[SupportPlan] = mapped_column(named(SupportPlan), primary_key=True)
    impact: Mapped[CaseImpact] = mapped_column(named(CaseImpact), primary_key=True)
    first_response: Mapped[int]
    next_update: Mapped[int]
    around_the_clock: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Everyone: promises are public."""
        return true()


class Holiday(Base, kw_only=True):
    """A day on which support is closed, wherever the customer is."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Everyone."""
        return true()


@dataclass(frozen=True, slots=True)
class Target:
    """A promise in force."""

    first_response: timedelta
    next_update: timedelta
    around_the_clock: bool

    @classmethod
    def of(cls, row: ServiceTarget) -> "Target":
        """From its row."""
        return cls(
            first_response=timedelta(minutes=row.first_response),
            next_update=timedelta(minutes=row.next_update),
            around_the_clock=row.around_the_clock,
        )


#: Where a plan says nothing about an impact.
UNPROMISED: Final = Target(timedelta(hours=24), timedelta(hours=72), around_the_clock=False)
