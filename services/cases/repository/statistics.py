"""How many cases there are of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.errors import BadInput
from kit.ids import to_global
from kit.principal import Principal
from services.cases.models import CaseStatus, CountedCase
from services.cases.repository.query import CaseSelection, Reader, is_late, is_open, selected

#: The most groups that one answer holds.
_MOST: Final = 10_000
#: Who may count cases and not read them learns nothing about groups smaller than this.
_SMALLEST: Final = 5
_HOURS_PER_DAY: Final = 24
#: In place of a missing assignee or severity.
_NONE: Final = "NONE"


class CaseDimension(StrEnum):
    """What cases are grouped by."""

    QUEUE = "QUEUE"
    STATUS = "STATUS"
    IMPACT = "IMPACT"
    SEVERITY = "SEVERITY"
    AGE_BUCKET = "AGE_BUCKET"
    ASSIGNEE = "ASSIGNEE"
    ACCOUNT = "ACCOUNT"
    SLA_STATE = "SLA_STATE"


class TooManyGroups(BadInput):
    """The answer would be too long."""

    def __init__(self) -> None:
        super().__init__(f"More than {_MOST} groups: group by less, or filter.")


class TooManyDimensions(BadInput):
    """There are not that many."""

    def __init__(self) -> None:
        super().__init__(f"Group by {len(CaseDimension)} dimensions at most.")


@dataclass(frozen=True, slots=True)
class Stat:
    """One group. `key` has a word for each dimension asked for, in that order: a name, a global
    id, an age in days, or NONE."""

    key: tuple[str, ...]
    count: int
    breached: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatisticsRepository:
    """Counts on one session. Groups smaller than five are told only to those who may read every
    case of the accounts that are counted."""

    session: AsyncSession
    principal: Principal

    async def stats(
        self, selection: CaseSelection, dimensions: Sequence[CaseDimension]
    ) -> list[Stat]:
        """The groups of all cases, largest first. Raises `TooManyGroups` and
        `TooManyDimensions`.

        Without a word on statuses, only cases in which work is left are counted: the backlog.
        """
        conditions = selected(CountedCase, selection, self._reader)
        if selection.status is None:
            conditions += _backlog(dimensions)
        found = await self._grouped([], dimensions, conditions)
        return [stat for _, stat in found]

    async def stats_of(
        self, account_ids: Sequence[UUID], dimensions: Sequence[CaseDimension]
    ) -> Mapping[UUID, list[Stat]]:
        """As `stats`, of each account by itself."""
        within = [among(CountedCase.account_id, account_ids), *_backlog(dimensions)]
        stats: dict[UUID, list[Stat]] = {id: [] for id in account_ids}
        for (account_id,), stat in await self._grouped(
            [CountedCase.account_id], dimensions, within
        ):
            stats[account_id].append(stat)
        return stats

    @property
    def _reader(self) -> Reader:
        return Reader.of(self.principal)

    async def _grouped(
        self,
        parents: list[Any],
        dimensions: Sequence[CaseDimension],
        conditions: list[ColumnElement[bool]],
    ) -> list[tuple[tuple[Any, ...], Stat]]:
        if len(dimensions) > len(CaseDimension):
            raise TooManyDimensions
        keys = [self._word(dimension).label(f"key_{n}") for n, dimension in enumerate(dimensions)]
        count = func.count()
        late = func.count().filter(is_late(CountedCase))
        all_read = func.bool_and(CountedCase.read_by(self.principal))
        statement = (
            select(*parents, *keys, count, late, func.min(CountedCase.created_at))
            .select_from(CountedCase)
            .where(*conditions)
            .group_by(*parents, *keys)
            .having(or_(count >= _SMALLEST, all_read))
            .order_by(count.desc(), *keys)
            .limit(_MOST + 1)
        )
        rows = (await self.session.execute(statement)).all()
        if len(rows) > _MOST:
            raise TooManyGroups
        return [_split(row, len(parents), dimensions) for row in rows]

    def _word(self, dimension: CaseDimension) -> Any:
        match dimension:
            case CaseDimension.QUEUE:
                return cast(CountedCase.queue, String)
            case CaseDimension.IMPACT:
                return cast(CountedCase.impact, String)
            case CaseDimension.STATUS:
                return self._status()
            case CaseDimension.SEVERITY:
                severity = func.coalesce(cast(CountedCase.severity, String), _NONE)
                return severity if self._reader.is_staff else literal(_NONE)
            case CaseDimension.AGE_BUCKET:
                return _age()
            case CaseDimension.ASSIGNEE:
                return CountedCase.assignee_id
            case CaseDimension.ACCOUNT:
                return CountedCase.account_id
            case CaseDimension.SLA_STATE:
                return _sla_state()

    def _status(self) -> ColumnElement[str]:
        names = {status: self._reader.reads(status).name for status in CaseStatus}
        return case(
            *((CountedCase.status == status, name) for status, name in names.items()),
            else_=_NONE,
        )


def _backlog(dimensions: Sequence[CaseDimension]) -> list[ColumnElement[bool]]:
    return [] if CaseDimension.STATUS in dimensions else [is_open(CountedCase)]


def _split(
    row: Sequence[Any], parents: int, dimensions: Sequence[CaseDimension]
) -> tuple[tuple[Any, ...], Stat]:
    words = row[parents : parents + len(dimensions)]
    key = tuple(_text(dimension, word) for dimension, word in zip(dimensions, words, strict=True))
    count, late, oldest_at = row[parents + len(dimensions) :]
    return tuple(row[:parents]), Stat(key, count, late, oldest_at)


def _text(dimension: CaseDimension, word: Any) -> str:
    match dimension:
        case _ if word is None:
            return _NONE
        case CaseDimension.ASSIGNEE:
            return to_global("user", word)
        case CaseDimension.ACCOUNT:
            return to_global("acc", word)
        case _:
            return str(word)


def _age() -> ColumnElement[str]:
    # Days are 24 hours, whatever the session's time zone; comparing is cheaper than counting them.
    def younger(days: int) -> ColumnElement[bool]:
        hours = func.make_interval(0, 0, 0, 0, days * _HOURS_PER_DAY)
        return CountedCase.created_at > func.now() - hours

    upper_bounds = ((1, "0-1"), (3, "2-3"), (7, "4-7"), (30, "8-30"))
    return case(*((younger(most + 1), bucket) for most, bucket in upper_bounds), else_="31+")


def _sla_state() -> ColumnElement[str]:
    return case(
        (is_late(CountedCase), "BREACHED"),
        (CountedCase.due_at.is_not(None), "ON_TRACK"),
        (CountedCase.status == CaseStatus.PENDING_CUSTOMER, "PAUSED"),
        else_="STOPPED",
    )
