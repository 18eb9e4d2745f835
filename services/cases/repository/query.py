"""Which cases, and in which order: the same words for lists, counts and statistics.

Customers read ON_HOLD as OPEN and know nothing of what happens behind it: `Reader` says how the
caller reads.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from kit.contract import SortDirection
from kit.database import among
from kit.pagination import Keyset, OrderBy
from kit.principal import Principal
from services.cases.models import (
    ENDED,
    Case,
    CaseComment,
    CaseImpact,
    CaseQueue,
    CaseStatus,
    CaseViewing,
    CountedCase,
    is_staff,
)


class CaseView(StrEnum):
    """The five views named in 2021, plus the licensing view that the activation report uses."""

    RECENTLY_VIEWED = "RECENTLY_VIEWED"
    ACTIVE_SUPPORT = "ACTIVE_SUPPORT"
    OPENED_BY_ME = "OPENED_BY_ME"
    ALL_OPEN = "ALL_OPEN"
    ALL = "ALL"
    MY_LICENSING = "MY_LICENSING"


class CaseOrderField(StrEnum):
    """What cases are ordered by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    IMPACT = "IMPACT"
    NUMBER = "NUMBER"
    STATUS = "STATUS"


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Cases that match all that is given. What may be several is sorted: equal selections are
    written alike, which cursors rely on."""

    account_ids: tuple[UUID, ...] | None = None
    status: tuple[CaseStatus, ...] | None = None
    queue: CaseQueue | None = None
    impact: tuple[CaseImpact, ...] | None = None
    product_key_id: UUID | None = None
    search: str | None = None
    created_after: datetime | None = None
    breached: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseOrdering:
    """A field and a direction; ids break ties in the same direction."""

    field: CaseOrderField
    direction: SortDirection = SortDirection.DESC


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """A view of the cases, narrowed and ordered. Without an order, the latest change is first;
    in RECENTLY_VIEWED, what the caller looked at last."""

    view: CaseView = CaseView.ALL_OPEN
    selection: CaseSelection = CaseSelection()
    order: CaseOrdering | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes read: the staff's see holds and notes, everyone else's do not."""

    user_id: UUID
    is_staff: bool

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The caller."""
        return cls(principal.id, is_staff(principal))

    @property
    def updated_at(self) -> InstrumentedAttribute[datetime]:
        """The last change that this reader may know of."""
        return Case.updated_at if self.is_staff else Case.customer_updated_at

    def reads(self, status: CaseStatus) -> CaseStatus:
        """The status as this reader knows it."""
        held = status is CaseStatus.ON_HOLD and not self.is_staff
        return CaseStatus.OPEN if held else status

    def means(self, wanted: Collection[CaseStatus]) -> list[CaseStatus]:
        """The statuses that this reader calls by these names."""
        return [status for status in CaseStatus if self.reads(status) in wanted]

    def rank(self, status: InstrumentedAttribute[CaseStatus]) -> ColumnElement[int]:
        """Where a status stands in the order of a case's life."""
        order = list(CaseStatus)
        ranks = {each: order.index(self.reads(each)) for each in CaseStatus}
        return case(*((status == each, rank) for each, rank in ranks.items()), else_=len(order))


_IMPACT_RANK: Final = case(
    *((Case.impact == impact, rank) for rank, impact in enumerate(CaseImpact)),
    else_=len(CaseImpact),
)


def cases(query: CaseQuery, reader: Reader) -> Select[Case]:
    """The query's cases, in no order."""
    rows = select(Case).where(*selected(Case, query.selection, reader))
    match query.view:
        case CaseView.ALL:
            return rows
        case CaseView.ALL_OPEN:
            return rows.where(is_open(Case))
        case CaseView.ACTIVE_SUPPORT:
            return rows.where(is_open(Case), Case.queue == CaseQueue.TECHNICAL_SUPPORT)
        case CaseView.OPENED_BY_ME:
            return rows.where(Case.requester_id == reader.user_id)
        case CaseView.MY_LICENSING:
            mine = Case.requester_id == reader.user_id
            return rows.where(mine, Case.queue == CaseQueue.LICENSING)
        case CaseView.RECENTLY_VIEWED:
            own = and_(CaseViewing.case_id == Case.id, CaseViewing.user_id == reader.user_id)
            return rows.join(CaseViewing, own)


def keyset(query: CaseQuery, reader: Reader) -> Keyset:
    """The query's order."""
    order = query.order
    if order is None and query.view is CaseView.RECENTLY_VIEWED:
        return _by(CaseViewing.viewed_at, descending=True)
    order = order or CaseOrdering(CaseOrderField.UPDATED_AT)
    return _by(_column(order.field, reader), descending=order.direction is SortDirection.DESC)


def selected(
    model: type[Case] | type[CountedCase], selection: CaseSelection, reader: Reader
) -> list[ColumnElement[bool]]:
    """The selection's conditions. What tells of text or keys looks only at cases that the caller
    sees, also where more are counted."""
    conditions: list[ColumnElement[bool]] = []
    if selection.account_ids is not None:
        conditions.append(among(model.account_id, selection.account_ids))
    if selection.status is not None:
        conditions.append(model.status.in_(reader.means(selection.status)))
    if selection.queue is not None:
        conditions.append(model.queue == selection.queue)
    if selection.impact is not None:
        conditions.append(model.impact.in_(selection.impact))
    if selection.created_after is not None:
        conditions.append(model.created_at > selection.created_after)
    if selection.breached is not None:
        conditions.append(is_late(model).is_(selection.breached))
    telling = _telling(selection)
    if telling:
        conditions.append(model.id.in_(select(Case.id).where(*telling)))
    return conditions


def is_open(model: type[Case] | type[CountedCase]) -> ColumnElement[bool]:
    """Cases in which work is left."""
    return model.status.not_in(ENDED)


def is_late(model: type[Case] | type[CountedCase]) -> ColumnElement[bool]:
    """Cases whose customer was promised a word before now: the flag, the filter and the figure."""
    return func.coalesce(model.due_at <= func.now(), False)


def _telling(selection: CaseSelection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selection.product_key_id is not None:
        conditions.append(Case.product_key_id == selection.product_key_id)
    if selection.search and (wanted := selection.search.strip()):
        conditions.append(_found(wanted))
    return conditions


def _found(wanted: str) -> ColumnElement[bool]:
    escaped = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")

    def contains(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        return column.ilike(f"%{escaped}%", escape="\\")

    said = select(CaseComment.case_id).where(contains(CaseComment.body))
    return or_(
        Case.number == wanted,
        contains(Case.subject),
        contains(Case.description),
        Case.id.in_(said),
    )


def _column(field: CaseOrderField, reader: Reader) -> Any:
    match field:
        case CaseOrderField.CREATED_AT:
            return Case.created_at
        case CaseOrderField.UPDATED_AT:
            return reader.updated_at
        case CaseOrderField.IMPACT:
            return _IMPACT_RANK
        case CaseOrderField.NUMBER:
            return Case.number
        case CaseOrderField.STATUS:
            return reader.rank(Case.status)


def _by(column: Any, *, descending: bool) -> Keyset:
    return Keyset((OrderBy(column, descending), OrderBy(Case.id, descending)))
