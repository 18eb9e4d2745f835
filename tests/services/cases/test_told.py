"""What a stream remembers of what it told."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import new_id
from services.cases.repository.changes import Change
from services.cases.told import Told
from tests.support.cases import a_case

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = START + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "is_news"), [(START - timedelta(days=1), False), (START, False), (LATER, True)]
)
def test_of_an_unknown_case_only_what_is_younger_than_the_stream_is_news(
    at: datetime, is_news: bool
) -> None:
    told = Told(START, {})

    assert told.is_news(Change(a_case(new_id()), at)) is is_news


def test_nothing_is_news_twice() -> None:
    told, case = Told(START, {}), a_case(new_id())

    assert told.is_news(Change(case, LATER))
    assert not told.is_news(Change(case, LATER))


def test_what_was_known_before_is_no_news() -> None:
    case = a_case(new_id())

    assert not Told(START, {case.id: LATER}).is_news(Change(case, LATER))


def test_a_file_is_news_of_a_case_that_is_the_same_itself() -> None:
    told, case = Told(START, {}), a_case(new_id())

    assert told.is_news(Change(case, START, filed=True))


def test_a_case_outside_of_its_list_is_news_once_until_it_is_back() -> None:
    told, case = Told(START, {}), a_case(new_id())
    moments = [START + timedelta(seconds=second) for second in range(1, 6)]
    inside = [False, False, True, False, False]

    news = [
        told.is_news(Change(case, at, is_in)) for at, is_in in zip(moments, inside, strict=True)
    ]

    assert news == [True, False, True, True, False]


def test_only_what_is_known_can_be_out_of_sight() -> None:
    known, unknown = new_id(), new_id()
    told = Told(START, {known: LATER})

    assert [told.forget(id) for id in (known, unknown, known)] == [True, False, False]


def test_what_is_forgotten_for_want_of_room_does_not_become_news() -> None:
    told = Told(START, {}, most=2)
    changes = [Change(a_case(new_id()), START + timedelta(seconds=n)) for n in range(1, 5)]

    first = [told.is_news(change) for change in changes]
    again = [told.is_news(change) for change in changes]

    assert first == [True] * 4
    assert again == [False] * 4
