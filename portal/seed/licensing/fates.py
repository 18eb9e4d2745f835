"""What becomes of product keys: every state, and the days on which states change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Term:
    """A key's days. `expires_on` is None for perpetual licences."""

    starts_on: date
    expires_on: date | None
    maintenance_ends_on: date
    suspended: bool = False
    revoked: bool = False

    @property
    def visible_from(self) -> date:
        """Keys appear 15 days ahead."""
        return self.starts_on - timedelta(days=15)

    def is_good_on(self, today: date) -> bool:
        """Whether it opens anything on this day."""
        if self.suspended or self.revoked or self.starts_on > today:
            return False
        return self.expires_on is None or self.expires_on >= today


#: Makes a key's days as of today.
Fate = Callable[[date, Random], Term]

_YEAR = 365


def _ending(today: date, days: int, *, suspended: bool = False, revoked: bool = False) -> Term:
    ends = today + timedelta(days=days)
    return Term(ends - timedelta(days=_YEAR - 1), ends, ends, suspended, revoked)


def _current(today: date, chance: Random) -> Term:
    return _ending(today, chance.randint(91, _YEAR - 20))


def _expiring(today: date, chance: Random) -> Term:
    return _ending(today, chance.randint(1, 90))


def _ends_today(today: date, chance: Random) -> Term:
    return _ending(today, 0)


def _expired(today: date, chance: Random) -> Term:
    return _ending(today, -chance.randint(1, 400))


def _starts_soon(today: date, chance: Random) -> Term:
    return _ending(today, _YEAR + chance.randint(0, 14))


def _not_shown_yet(today: date, chance: Random) -> Term:
    return _ending(today, _YEAR + chance.randint(15, 60))


def _suspended(today: date, chance: Random) -> Term:
    return _ending(today, chance.randint(91, 300), suspended=True)


def _revoked(today: date, chance: Random) -> Term:
    return _ending(today, chance.randint(91, 300), revoked=True)


def _perpetual(today: date, chance: Random) -> Term:
    term = _ending(today, chance.randint(30, 300))
    return Term(term.starts_on, None, term.maintenance_ends_on)


def _perpetual_without_maintenance(today: date, chance: Random) -> Term:
    term = _ending(today, -chance.randint(30, 700))
    return Term(term.starts_on, None, term.maintenance_ends_on)


#: In turn: small accounts show the edges too.
FATES: tuple[Fate, ...] = (
    *(_current, _expiring, _expired, _current, _starts_soon),
    *(_current, _perpetual_without_maintenance, _current, _expiring, _current),
    *(_revoked, _current, _current, _ends_today, _expired),
    *(_current, _not_shown_yet, _current, _perpetual, _current),
    *(_suspended, _current, _expiring, _current, _current),
)
