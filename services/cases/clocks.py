"""The clocks of a case: by when support answers, first and then again and again.

They count business hours, or all hours where the plan says so. While a case waits for its
customer they stand still; holding a case does not stop them. What was promised stays promised:
where the impact changes, the new times count from then on, and nothing is due later than it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.cases.models import Case, Target

_OPENS: Final = time(9)
_CLOSES: Final = time(17)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business hours of one time zone: nine to five, Monday to Friday, holidays excepted."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """The moment at which so many business hours have passed."""
        left = duration
        for opens, closes in self._days(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("Days do not end.")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How many business hours pass from one moment to a later one."""
        passed = timedelta()
        for opens, closes in self._days(start):
            if opens >= end:
                return passed
            passed += min(closes, end) - opens
        raise AssertionError("Days do not end.")

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours of each working day in UTC, of the first what is left of it."""
        day = start.astimezone(self.zone).date()
        while True:
            if day.weekday() < _SATURDAY and day not in self.holidays:
                opens, closes = self._moment(day, _OPENS), self._moment(day, _CLOSES)
                if start < closes:
                    yield max(opens, start), closes
            day += timedelta(days=1)

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the vendor has promised for one case."""

    target: Target
    calendar: Calendar

    def start(self, case: Case, now: datetime) -> None:
        """The case was opened: the first answer is due."""
        case.first_response_due_at = self._due(now, self.target.first_response)
        _refresh(case)

    def answered(self, case: Case, now: datetime) -> None:
        """Support has answered: now the next word is due."""
        if case.first_responded_at is None:
            case.first_responded_at = now
        self.restart(case, now)

    def restart(self, case: Case, now: datetime) -> None:
        """A word is due, also where there has been none yet: the case goes on."""
        case.paused_at = None
        case.next_update_due_at = self._due(now, self.target.next_update)
        _refresh(case)

    def replace(self, case: Case, now: datetime) -> None:
        """This promise holds instead of another, since the impact has changed. Of two moments at
        which a word is due, the earlier counts; a clock that does not run is not started."""
        since = case.paused_at or now  # what is left then is what the pause keeps
        target = self.target
        if case.first_responded_at is None:
            case.first_response_due_at = self._sooner(
                case.first_response_due_at, since, target.first_response
            )
        case.next_update_due_at = self._sooner(case.next_update_due_at, since, target.next_update)
        _refresh(case)

    def resume(self, case: Case, now: datetime) -> None:
        """The customer has answered: what was left of the time is left still."""
        paused_at, case.paused_at = case.paused_at, None
        if paused_at is not None:
            case.first_response_due_at = self._moved(case.first_response_due_at, paused_at, now)
            case.next_update_due_at = self._moved(case.next_update_due_at, paused_at, now)
        _refresh(case)

    def _sooner(
        self, due: datetime | None, since: datetime, duration: timedelta
    ) -> datetime | None:
        return min(due, self._due(since, duration)) if due is not None else None

    def _moved(self, due: datetime | None, paused_at: datetime, now: datetime) -> datetime | None:
        if due is None or due <= paused_at:
            return due
        if self.target.around_the_clock:
            return due + (now - paused_at)
        return self.calendar.after(now, self.calendar.between(paused_at, due))

    def _due(self, start: datetime, duration: timedelta) -> datetime:
        if self.target.around_the_clock:
            return start + duration
        return self.calendar.after(start, duration)


def pause(case: Case, now: datetime) -> None:
    """The case waits for its customer."""
    case.paused_at = case.paused_at or now
    _refresh(case)


def stop(case: Case) -> None:
    """Nothing is due any more."""
    case.next_update_due_at = case.paused_at = None
    if case.first_responded_at is None:
        case.first_response_due_at = None
    _refresh(case)


def _refresh(case: Case) -> None:
    first = case.first_response_due_at if case.first_responded_at is None else None
    running = [due for due in (first, case.next_update_due_at) if due is not None]
    case.due_at = min(running, default=None) if case.paused_at is None else None
