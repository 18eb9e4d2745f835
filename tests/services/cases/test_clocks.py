"""The clocks of a case: business hours, pauses, reopening."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.ids import new_id
from services.cases.clocks import Calendar, Promise, pause, stop
from services.cases.models import Target
from tests.support.cases import a_case

PARIS = Calendar(ZoneInfo("Europe/Paris"), frozenset({date(2026, 12, 25)}))
UTC_HOURS = Calendar(ZoneInfo("UTC"))
TARGET = Target(timedelta(hours=8), timedelta(hours=24), around_the_clock=False)
ALWAYS = Target(timedelta(hours=1), timedelta(hours=12), around_the_clock=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-11-18 10:00", 4, "2026-11-18 14:00", id="within a day"),
        pytest.param("2026-11-18 10:00", 8, "2026-11-19 10:00", id="over night"),
        pytest.param("2026-11-20 15:00", 2, "2026-11-23 09:00", id="over a weekend"),
        pytest.param("2026-11-21 12:00", 1, "2026-11-23 09:00", id="from a Saturday"),
        pytest.param("2026-11-18 05:00", 1, "2026-11-18 09:00", id="from before opening"),
        pytest.param("2026-12-24 15:30", 1, "2026-12-28 08:30", id="over a holiday and a weekend"),
        pytest.param("2026-10-23 14:00", 2, "2026-10-26 09:00", id="over the end of summer time"),
    ],
)
def test_business_hours_pass(start: str, hours: int, end: str) -> None:
    assert PARIS.after(at(start), timedelta(hours=hours)) == at(end)
    assert PARIS.between(at(start), at(end)) == timedelta(hours=hours)


def test_at_first_the_first_answer_is_due() -> None:
    case, now = a_case(new_id()), at("2026-11-18 09:00")

    Promise(TARGET, UTC_HOURS).start(case, now)

    assert case.due_at == case.first_response_due_at == at("2026-11-18 17:00")
    assert case.next_update_due_at is None


def test_around_the_clock_nights_count() -> None:
    case = a_case(new_id())

    Promise(ALWAYS, UTC_HOURS).start(case, at("2026-11-21 23:30"))

    assert case.due_at == at("2026-11-22 00:30")


def test_once_support_has_answered_the_next_word_is_due() -> None:
    case, promise = a_case(new_id()), Promise(TARGET, UTC_HOURS)
    promise.start(case, at("2026-11-18 09:00"))

    promise.answered(case, at("2026-11-18 10:00"))
    promise.answered(case, at("2026-11-18 12:00"))

    assert case.first_responded_at == at("2026-11-18 10:00")
    assert case.due_at == case.next_update_due_at == at("2026-11-23 12:00")


def test_a_pause_keeps_what_is_left_of_the_time() -> None:
    case, promise = a_case(new_id()), Promise(TARGET, UTC_HOURS)
    promise.start(case, at("2026-11-18 09:00"))

    pause(case, at("2026-11-18 12:00"))
    paused = case.due_at
    promise.resume(case, at("2026-11-25 10:00"))

    assert paused is None
    assert case.due_at == at("2026-11-25 15:00")


def test_what_was_late_before_a_pause_is_late_after_it() -> None:
    case, promise = a_case(new_id()), Promise(ALWAYS, UTC_HOURS)
    promise.start(case, at("2026-11-18 09:00"))

    pause(case, at("2026-11-18 12:00"))
    promise.resume(case, at("2026-11-25 10:00"))

    assert case.due_at == at("2026-11-18 10:00")


def test_when_work_ends_nothing_is_due_and_when_it_goes_on_a_word_is() -> None:
    case, promise = a_case(new_id()), Promise(ALWAYS, UTC_HOURS)
    promise.start(case, at("2026-11-18 09:00"))

    stop(case)
    stopped = case.due_at
    promise.restart(case, at("2026-11-20 09:00"))

    assert stopped is None
    assert case.first_response_due_at is None
    assert case.due_at == at("2026-11-20 21:00")
