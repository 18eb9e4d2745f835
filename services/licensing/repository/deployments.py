"""Deployments with their seats and environments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from services.licensing.models import (
    Deployment,
    DeploymentEnvironment,
    KeySeats,
    ProductKey,
    SeatAssignment,
)

#: A seat is in use when its holder was active this lately.
IN_USE: Final = timedelta(days=30)

_BY_NAME: Final = Keyset((OrderBy(Deployment.name), OrderBy(Deployment.id)))


@dataclass(frozen=True, slots=True)
class Seats:
    """One deployment's seats of one role. `ends_on` is when the first of its keys ends."""

    role: str
    purchased: int = 0
    assigned: int = 0
    in_use: int = 0
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeploymentRepository:
    """Reads on one session."""

    session: AsyncSession
    paginator: Paginator

    async def pages_of(
        self, account_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Deployment]]:
        """The same page of each account's deployments, by name. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            Deployment.account_id,
            account_ids,
            self.session,
            select(Deployment),
            _BY_NAME,
            request,
        )

    async def counts_of(self, account_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many deployments each account has."""
        counted = (
            select(Deployment.account_id, func.count())
            .where(among(Deployment.account_id, account_ids))
            .group_by(Deployment.account_id)
        )
        return dict((await self.session.execute(counted)).all())

    async def environments(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[DeploymentEnvironment]]:
        """Each deployment's environments, production first."""
        rows = await self.session.scalars(
            select(DeploymentEnvironment)
            .where(among(DeploymentEnvironment.deployment_id, ids))
            .order_by(DeploymentEnvironment.production.desc(), DeploymentEnvironment.name)
        )
        found: dict[UUID, list[DeploymentEnvironment]] = {}
        for row in rows:
            found.setdefault(row.deployment_id, []).append(row)
        return found

    async def seats(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Seats]]:
        """Each deployment's seats by role, as far as the caller sees the keys they came with."""
        now = datetime.now(UTC)
        bought = await self._purchased(ids, now.date())
        given = await self._assigned(ids, now - IN_USE)
        found: dict[UUID, list[Seats]] = {}
        for place in sorted({*bought, *given}):
            deployment_id, role = place
            purchased, ends_on = bought.get(place, (0, None))
            assigned, in_use = given.get(place, (0, 0))
            seats = Seats(role, purchased, assigned, in_use, ends_on)
            found.setdefault(deployment_id, []).append(seats)
        return found

    async def login_based(self, account_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        """Which accounts have no deployment left that takes keys people type.

        No row rule: every member of the account may know, whatever deployments they see.
        """
        table = Deployment.__table__.c
        rows = await self.session.execute(
            select(table.account_id, func.bool_and(table.login_based))
            .where(among(table.account_id, account_ids))
            .group_by(table.account_id)
        )
        return dict(rows.all())

    async def login_based_at(self, ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        """Those of the deployments where people sign in instead of typing keys.

        No row rule: asked for keys that the caller sees.
        """
        table = Deployment.__table__.c
        rows = await self.session.scalars(
            select(table.id).where(among(table.id, ids), table.login_based)
        )
        return dict.fromkeys(rows, True)

    async def _purchased(
        self, ids: Sequence[UUID], today: date
    ) -> Mapping[tuple[UUID, str], tuple[int, date | None]]:
        rows = await self.session.execute(
            select(
                ProductKey.deployment_id,
                KeySeats.role,
                func.sum(KeySeats.purchased),
                func.min(ProductKey.expires_on),
            )
            .join(ProductKey, ProductKey.id == KeySeats.key_id)
            .where(among(ProductKey.deployment_id, ids))
            .where(ProductKey.revoked_at.is_(None), ProductKey.suspended_at.is_(None))
            .where(ProductKey.starts_on <= today)
            .where(or_(ProductKey.expires_on.is_(None), ProductKey.expires_on >= today))
            .group_by(ProductKey.deployment_id, KeySeats.role)
        )
        return {
            (id, role): (purchased, ends_on)
            for id, role, purchased, ends_on in rows
            if id is not None
        }

    async def _assigned(
        self, ids: Sequence[UUID], since: datetime
    ) -> Mapping[tuple[UUID, str], tuple[int, int]]:
        used = func.count().filter(SeatAssignment.last_used_at >= since)
        rows = await self.session.execute(
            select(SeatAssignment.deployment_id, SeatAssignment.role, func.count(), used)
            .where(among(SeatAssignment.deployment_id, ids))
            .where(SeatAssignment.released_at.is_(None))
            .group_by(SeatAssignment.deployment_id, SeatAssignment.role)
        )
        return {(id, role): (assigned, in_use) for id, role, assigned, in_use in rows}
