"""What clients pass in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import strawberry

from kit.contract import SortDirection
from kit.ids import from_global
from services.cases.models import CaseImpact, CaseQueue, CaseStatus
from services.cases.repository.query import (
    CaseOrderField,
    CaseOrdering,
    CaseQuery,
    CaseSelection,
    CaseView,
)

#: No thing has this id: UUIDs of version 7 are never all ones.
_NOTHING: Final = UUID(int=(1 << 128) - 1)

T = TypeVar("T", UUID, CaseStatus, CaseImpact)


@strawberry.input
class CaseFilter:
    """Cases that match all that is given."""

    account_ids: list[strawberry.ID] | None = None
    status: list[CaseStatus] | None = None
    queue: CaseQueue | None = None
    impact: list[CaseImpact] | None = None
    product_key_id: strawberry.ID | None = None
    search: str | None = None
    created_after: datetime | None = None
    sla_breached: bool | None = None


@strawberry.input
class CaseOrder:
    """The order of a list."""

    field: CaseOrderField
    direction: SortDirection = SortDirection.DESC


def case_query(
    view: CaseView | None, filter: CaseFilter | None, order: CaseOrder | None
) -> CaseQuery:
    """A list as the repository takes it."""
    ordering = CaseOrdering(order.field, order.direction) if order is not None else None
    return CaseQuery(view or CaseView.ALL_OPEN, case_selection(filter), ordering)


def case_selection(filter: CaseFilter | None) -> CaseSelection:
    """The filter as the repository takes it. An id that names nothing finds nothing."""
    if filter is None:
        return CaseSelection()
    accounts = filter.account_ids
    return CaseSelection(
        account_ids=_sorted(_id("acc", id) for id in accounts) if accounts is not None else None,
        status=_sorted(filter.status) if filter.status is not None else None,
        queue=filter.queue,
        impact=_sorted(filter.impact) if filter.impact is not None else None,
        product_key_id=_id("key", filter.product_key_id) if filter.product_key_id else None,
        search=plain(filter.search) if filter.search is not None else None,
        created_after=filter.created_after,
        breached=filter.sla_breached,
    )


def plain(text: str) -> str:
    """The text without NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "")


def _id(prefix: str, text: str) -> UUID:
    return from_global(prefix, text) or _NOTHING


def _sorted(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(set(values)))
