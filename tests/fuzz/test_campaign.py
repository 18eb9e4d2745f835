"""A short campaign: thousands of answers, none of which differs from one server's."""

import pytest

from tests.fuzz.campaign import WITH_RULES, Outcome, smallest, try_set
from tests.fuzz.report import finding

_CAMPAIGNS = 20
_OPERATIONS = 250
_SETS = 40


@pytest.mark.timeout(300)
@pytest.mark.parametrize("end", ["", WITH_RULES])
@pytest.mark.parametrize("seed", range(_CAMPAIGNS))
async def test_the_gateway_answers_everybody_as_one_server_would(seed: int, end: str) -> None:
    total = Outcome()
    numbers = iter(range(_SETS))

    while total.operations < _OPERATIONS:
        total.add(await try_set(f"short-{seed}.{next(numbers)}{end}"))

    assert [finding(await smallest(each)) for each in total.findings[:1]] == []
