"""Cases as statistics count them: without text, people's names and keys, under a wider rule."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from kit.contract import Capability
from kit.database import in_accounts
from kit.principal import Principal
from services.cases.models.case import Case, CaseImpact, CaseQueue, CaseStatus, is_staff, queues_of
from services.cases.models.registry import Base


class CountedCase:
    """A row of `cases` that is counted, never shown."""

    id: ClassVar[InstrumentedAttribute[UUID]]
    account_id: ClassVar[InstrumentedAttribute[UUID]]
    queue: ClassVar[InstrumentedAttribute[CaseQueue]]
    status: ClassVar[InstrumentedAttribute[CaseStatus]]
    impact: ClassVar[InstrumentedAttribute[CaseImpact]]
    severity: ClassVar[InstrumentedAttribute[int | None]]
    assignee_id: ClassVar[InstrumentedAttribute[UUID | None]]
    product_key_id: ClassVar[InstrumentedAttribute[UUID | None]]
    due_at: ClassVar[InstrumentedAttribute[datetime | None]]
    created_at: ClassVar[InstrumentedAttribute[datetime]]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads aggregates, of the account or of all; those who work on cases, their queues."""
        if is_staff(principal):
            return cls.queue.in_(queues_of(principal))
        return in_accounts(cls.account_id, principal, Capability.AGGREGATE_READ)

    @classmethod
    def read_by(cls, principal: Principal) -> ColumnElement[bool]:
        """Of the counted ones, those that the caller could read as well, one by one."""
        if is_staff(principal):
            return true()
        return in_accounts(cls.account_id, principal, Capability.CASE_READ_ALL)


# A second class on one table: declarative dataclasses bring their own.
Base.registry.map_imperatively(
    CountedCase, Case.__table__, include_properties=list(CountedCase.__annotations__)
)
