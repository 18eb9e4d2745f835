"""Activations, of keys and of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.licensing.models import Activation, KeyProduct

_LATEST: Final = Keyset(
    (OrderBy(Activation.activated_at, descending=True), OrderBy(Activation.id, descending=True))
)


@dataclass(frozen=True, slots=True)
class ActivationQuery:
    """Which activations: of keys or, by default, of accounts; used `since` a moment."""

    of_keys: bool = False
    products: tuple[KeyProduct, ...] | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActivationRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def pages_of(
        self, ids: Sequence[UUID], query: ActivationQuery, request: PageRequest
    ) -> Mapping[UUID, Page[Activation]]:
        """The same page of each parent's activations, latest first. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            _parent(query), ids, self.session, _rows(query), _LATEST, request
        )

    async def counts_of(self, ids: Sequence[UUID], query: ActivationQuery) -> Mapping[UUID, int]:
        """How many activations each parent has in all."""
        parent = _parent(query)
        rows = _rows(query).where(among(parent, ids))
        counted = rows.with_only_columns(parent, func.count()).group_by(parent)
        return dict((await self.session.execute(counted)).all())


def _parent(query: ActivationQuery) -> InstrumentedAttribute[Any]:
    return Activation.key_id if query.of_keys else Activation.account_id


def _rows(query: ActivationQuery) -> Select[Activation]:
    rows = select(Activation)
    if query.products is not None:
        rows = rows.where(Activation.product.in_(query.products))
    if query.since is not None:
        rows = rows.where(
            or_(Activation.activated_at >= query.since, Activation.last_seen_at >= query.since)
        )
    return rows
