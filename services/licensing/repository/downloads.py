"""Software to download, and what an account is entitled to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.licensing.models import Download, DownloadEntitlement, KeyProduct, ProductKey

#: The list is not paginated: the latest are enough.
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class DownloadQuery:
    """Which downloads of which account."""

    account_id: UUID
    products: tuple[KeyProduct, ...] | None = None
    special_only: bool = False


@dataclass(frozen=True, slots=True)
class DownloadRepository:
    """Reads on one session."""

    session: AsyncSession

    async def of(self, query: DownloadQuery) -> Sequence[Download]:
        """The latest first."""
        meant = select(DownloadEntitlement.download_id).where(
            DownloadEntitlement.account_id == query.account_id
        )
        rows = select(Download).where(or_(~Download.special, Download.id.in_(meant)))
        if query.special_only:
            rows = rows.where(Download.special)
        if query.products is not None:
            rows = rows.where(Download.product.in_(query.products))
        latest = rows.order_by(Download.released_on.desc(), Download.id.desc()).limit(MOST)
        return (await self.session.scalars(latest)).all()

    async def maintained_until(self, account_id: UUID, today: date) -> Mapping[KeyProduct, date]:
        """Up to which day releases are covered, by product of the account's good keys.

        No row rule: every member who may download does so in the account's name, whatever keys
        they see.
        """
        key = ProductKey.__table__.c
        rows = await self.session.execute(
            select(key.product, func.max(func.coalesce(key.maintenance_ends_on, key.expires_on)))
            .where(key.account_id == account_id, key.visible_from <= today)
            .where(key.revoked_at.is_(None), key.suspended_at.is_(None))
            .where(or_(key.expires_on.is_(None), key.expires_on >= today))
            .group_by(key.product)
        )
        return {product: until for product, until in rows if until is not None}
