"""How keys are used, counted in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability, PrincipalKind
from kit.database import among
from kit.errors import BadInput
from kit.ids import to_global
from kit.principal import Principal
from services.licensing.models.figure import KEYS, countable, state_on

#: A key is active when an installation was seen this lately.
ACTIVE: Final = timedelta(days=30)
#: What a dashboard over all accounts is not shown: so few keys could be somebody's.
_FEWEST: Final = 5
_MOST: Final = 1000


class KeyDimension(StrEnum):
    """What keys are told apart by. DEPLOYMENT gives its id, EXPIRY_MONTH is 2026-11."""

    PRODUCT = "PRODUCT"
    VERSION = "VERSION"
    DEPLOYMENT = "DEPLOYMENT"
    STATE = "STATE"
    EXPIRY_MONTH = "EXPIRY_MONTH"


class TooManyGroups(BadInput):
    """Nothing is cut off silently."""

    def __init__(self) -> None:
        super().__init__(f"These dimensions tell more than {_MOST} groups apart: use fewer.")


@dataclass(frozen=True, slots=True)
class Utilisation:
    """A group of keys, counted. `key` has one word per dimension, empty where there is none."""

    key: tuple[str, ...]
    purchased: int
    assigned: int
    active: int
    unregistered: int


@dataclass(frozen=True, slots=True)
class StatisticsRepository:
    """Reads on one session, under the rule of statistics: `figure.countable`."""

    session: AsyncSession
    principal: Principal

    async def utilisation(
        self, account_ids: Sequence[UUID] | None, dimensions: Sequence[KeyDimension]
    ) -> list[Utilisation]:
        """Keys by dimensions, in their order. Raises `TooManyGroups`."""
        now = datetime.now(UTC)
        columns = [
            _column(dimension, now.date()).label(f"dimension_{place}")
            for place, dimension in enumerate(dimensions)
        ]
        counted = (
            select(
                func.count(),
                func.count(KEYS.assigned_at),
                func.count().filter(KEYS.last_active_at >= now - ACTIVE),
                func.count().filter(KEYS.last_registered_at.is_(None)),
                *columns,
            )
            .where(countable(self.principal))
            .group_by(*columns)
            .having(func.count() >= _fewest(self.principal))
            .order_by(*columns)
            .limit(_MOST + 1)
        )
        if account_ids is not None:
            counted = counted.where(among(KEYS.account_id, account_ids))
        rows = (await self.session.execute(counted)).all()
        if len(rows) > _MOST:
            raise TooManyGroups
        return [
            Utilisation(tuple(map(_word, dimensions, words)), *counts)
            for *counts, words in ((*row[:4], row[4:]) for row in rows)
        ]


def _fewest(principal: Principal) -> int:
    dashboard = principal.kind is PrincipalKind.MACHINE
    everywhere = Capability.AGGREGATE_READ in principal.everywhere
    return _FEWEST if dashboard and everywhere else 1


def _column(dimension: KeyDimension, today: date) -> ColumnElement[str]:
    match dimension:
        case KeyDimension.PRODUCT:
            return cast(KEYS.product, String)
        case KeyDimension.VERSION:
            return KEYS.last_version
        case KeyDimension.DEPLOYMENT:
            return cast(KEYS.deployment_id, String)
        case KeyDimension.STATE:
            return state_on(today)
        case KeyDimension.EXPIRY_MONTH:
            return func.to_char(KEYS.expires_on, "YYYY-MM")


def _word(dimension: KeyDimension, value: str | None) -> str:
    if value is None:
        return ""
    return to_global("dep", UUID(value)) if dimension is KeyDimension.DEPLOYMENT else value
