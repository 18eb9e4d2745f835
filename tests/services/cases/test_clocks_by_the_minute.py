"""The clocks of a case against one that counts every minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.ids import new_id
from services.cases.clocks import Calendar, Promise, pause, stop
from services.cases.models import Case, Target
from tests.support.cases import a_case

MINUTE = timedelta(minutes=1)
#: Around the days on which clocks are changed, north and south; one of them is a holiday.
HOLIDAYS = frozenset({date(2026, 3, 30), date(2026, 10, 26), date(2026, 11, 2), date(2026, 12, 25)})
#: Lord Howe's summer time is half an hour; Casablanca changes for a month; Gaza's changes come
#: on Saturdays, and Apia is a day ahead of most.
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Pacific/Apia",
)

zones = st.sampled_from(ZONES)
starts = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31)),
    st.datetimes(datetime(2026, 10, 23), datetime(2026, 11, 3)),
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC))


def counts(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether support works in the minute that begins then."""
    local = moment.astimezone(zone)
    works = local.weekday() < 5 and local.date() not in HOLIDAYS
    return works and time(9) <= local.time() < time(17)


@settings(max_examples=60, deadline=None)
@given(zones, starts, st.integers(1, 20 * 60))
def test_a_deadline_is_where_so_many_minutes_have_been_counted(
    zone_name: str, start: datetime, minutes: int
) -> None:
    zone = ZoneInfo(zone_name)
    left, moment = minutes, start
    while left:
        left -= counts(zone, moment)
        moment += MINUTE

    calendar = Calendar(zone, HOLIDAYS)

    assert calendar.after(start, minutes * MINUTE) == moment
    assert calendar.between(start, moment) == minutes * MINUTE


@settings(max_examples=60, deadline=None)
@given(zones, starts, st.integers(0, 4 * 24 * 60))
def test_the_hours_between_two_moments_are_the_minutes_counted_between_them(
    zone_name: str, start: datetime, minutes: int
) -> None:
    zone = ZoneInfo(zone_name)
    counted = sum(counts(zone, start + n * MINUTE) for n in range(minutes))

    passed = Calendar(zone, HOLIDAYS).between(start, start + minutes * MINUTE)

    assert passed == counted * MINUTE


@dataclass
class Stopwatch:
    """What is left of one promise. It is run minute by minute."""

    left: int | None = None

    def run(self) -> None:
        self.left = max(self.left - 1, 0) if self.left is not None else None

    def shorten(self, minutes: int) -> None:
        self.left = min(self.left, minutes) if self.left is not None else None


@dataclass
class SlowClocks:
    """A case's clocks, of which nothing is known but how they run."""

    target: Target
    working: Callable[[datetime], bool]
    first: Stopwatch
    update: Stopwatch
    paused: bool = False
    answered: bool = False

    def tick(self, moment: datetime) -> None:
        if not self.paused and self.working(moment):
            self.first.run()
            self.update.run()

    @property
    def late(self) -> bool:
        running = [self.update.left, None if self.answered else self.first.left]
        return 0 in running and not self.paused

    def do(self, act: str, other: Target) -> None:
        match act:
            case "answer":
                self.answered, self.paused = True, False
                self.update.left = minutes(self.target.next_update)
            case "pause":
                self.paused = True
            case "resume":
                self.paused = False
            case "change":
                self.target = other
                self.first.shorten(minutes(other.first_response))
                self.update.shorten(minutes(other.next_update))
            case _:  # it ends and is opened again
                self.paused, self.first.left = False, self.first.left if self.answered else None
                self.update.left = minutes(self.target.next_update)


def minutes(duration: timedelta) -> int:
    return duration // MINUTE


def act_on(case: Case, promises: list[Promise], act: str, now: datetime) -> None:
    """The same with the clocks that do not count minutes; the promise in force is the first."""
    match act:
        case "answer":
            promises[0].answered(case, now)
        case "pause":
            pause(case, now)
        case "resume":
            promises[0].resume(case, now)
        case "change":
            promises.reverse()
            promises[0].replace(case, now)
        case _:  # it ends and is opened again
            stop(case)
            promises[0].restart(case, now)


def some_acts() -> st.SearchStrategy[list[tuple[int, str]]]:
    """What happens, each after so many minutes."""
    acts = st.sampled_from(["answer", "pause", "resume", "change", "end and reopen"])
    return st.lists(st.tuples(st.integers(0, 30 * 60), acts), max_size=8)


@pytest.mark.parametrize("around_the_clock", [False, True])
@settings(max_examples=40, deadline=None)
@given(zones, starts, some_acts(), st.integers(1, 10), st.integers(1, 10))
def test_a_case_is_late_when_the_minutes_that_were_promised_have_run(
    around_the_clock: bool,
    zone_name: str,
    start: datetime,
    acts: list[tuple[int, str]],
    mild: int,
    bad: int,
) -> None:
    zone = ZoneInfo(zone_name)
    targets = [
        Target(hours * timedelta(hours=1), 3 * hours * timedelta(minutes=50), around_the_clock)
        for hours in (mild, bad)
    ]
    promises = [Promise(target, Calendar(zone, HOLIDAYS)) for target in targets]
    case, now = a_case(new_id()), start
    promises[0].start(case, now)
    slow = SlowClocks(
        targets[0],
        lambda moment: around_the_clock or counts(zone, moment),
        Stopwatch(minutes(targets[0].first_response)),
        Stopwatch(),
    )

    for gap, act in [*acts, (6 * 60, "resume")]:
        for _ in range(gap):
            slow.tick(now)
            now += MINUTE
            assert (case.due_at is not None and case.due_at <= now) is slow.late
        act_on(case, promises, act, now)
        slow.do(act, promises[0].target)
        assert (case.due_at is not None and case.due_at <= now) is slow.late


def test_a_raised_impact_counts_from_then_on_and_never_gives_more_time() -> None:
    calendar = Calendar(ZoneInfo("UTC"))
    mild = Promise(Target(timedelta(hours=8), timedelta(hours=24), False), calendar)
    bad = Promise(Target(timedelta(hours=1), timedelta(hours=12), True), calendar)
    case, opened = a_case(new_id()), datetime(2026, 11, 18, 9, tzinfo=UTC)
    mild.start(case, opened)

    bad.replace(case, opened + timedelta(hours=2))
    raised = case.due_at
    mild.replace(case, opened + timedelta(hours=2, minutes=30))

    assert raised == case.due_at == opened + timedelta(hours=3)


def test_a_new_promise_starts_no_clock() -> None:
    promise = Promise(Target(timedelta(1), timedelta(1), True), Calendar(ZoneInfo("UTC")))
    case = a_case(new_id())
    stop(case)

    promise.replace(case, datetime(2026, 11, 18, 9, tzinfo=UTC))

    assert case.due_at is case.first_response_due_at is case.next_update_due_at is None


def test_reopening_starts_an_update_clock_and_no_clock_of_a_first_answer() -> None:
    promise = Promise(Target(timedelta(1), timedelta(2), True), Calendar(ZoneInfo("UTC")))
    case, opened = a_case(new_id()), datetime(2026, 11, 18, 9, tzinfo=UTC)
    promise.start(case, opened)
    stop(case)

    promise.restart(case, opened + timedelta(days=9))

    assert case.first_response_due_at is None
    assert case.due_at == case.next_update_due_at == opened + timedelta(days=11)
