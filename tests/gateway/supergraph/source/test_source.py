"""When a source is looked at again."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.supergraph.source.source import Pace


@given(st.integers(0, 10_000))
def test_a_pace_that_does_not_back_off_keeps_its_interval(failures: int) -> None:
    assert Pace(2.0, backs_off=False).after(failures) == 2.0


@given(st.floats(0.01, 600), st.integers(1, 10_000))
def test_failures_lengthen_the_wait_within_bounds(interval: float, failures: int) -> None:
    wait = Pace(interval, backs_off=True).after(failures)

    assert interval / 2 <= wait <= max(interval, 60.0)


def test_a_success_ends_the_backing_off() -> None:
    assert Pace(2.0, backs_off=True).after(0) == 2.0


def test_gateways_that_failed_together_do_not_come_back_together() -> None:
    waits = {Pace(2.0, backs_off=True).after(3) for _ in range(20)}

    assert len(waits) > 10
    assert all(8.0 <= wait <= 16.0 for wait in waits)
