"""When a plan is worse than another."""

from collections import Counter

import pytest

from tests.gateway.planner.oracle.comparison import Cost, Verdict, judge

OURS = Cost(Counter(a=1, b=2), rounds=2)


@pytest.mark.parametrize(
    ("hives", "verdict"),
    [
        (Cost(Counter(b=2, a=1), rounds=2), Verdict.EQUAL),
        (Cost(Counter(a=2, b=1), rounds=2), Verdict.ELSEWHERE),
        (Cost(Counter(a=2, b=2), rounds=2), Verdict.FEWER),
        (Cost(Counter(a=1, b=2), rounds=3), Verdict.FEWER),
        (Cost(Counter(a=1, b=1), rounds=2), Verdict.WORSE),
        (Cost(Counter(a=1, b=2), rounds=1), Verdict.WORSE),
        (Cost(Counter(a=2, b=2), rounds=1), Verdict.WORSE),
        (Cost(Counter(a=1, b=1), rounds=3), Verdict.WORSE),
        (None, Verdict.ONLY_OURS),
    ],
)
def test_fewer_requests_do_not_make_up_for_more_rounds_nor_the_reverse(
    hives: Cost | None, verdict: Verdict
) -> None:
    assert judge(OURS, hives) is verdict


def test_a_plan_that_only_hive_has_is_told_from_one_that_nobody_has() -> None:
    assert judge(None, OURS) is Verdict.ONLY_HIVES
    assert judge(None, None) is Verdict.REFUSED
