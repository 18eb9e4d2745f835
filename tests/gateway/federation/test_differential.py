"""What the federation answers is what a single server with all the data would answer."""

from random import Random

import pytest

from tests.fuzz.campaign import Outcome, smallest, try_operations
from tests.fuzz.report import finding
from tests.fuzz.trial import Trial
from tests.support.universes import UNIVERSES


@pytest.mark.parametrize("trouble", [False, True], ids=["calm", "troubled"])
@pytest.mark.parametrize("name", UNIVERSES)
async def test_a_federation_answers_as_one_server_would(name: str, trouble: bool) -> None:
    trial = Trial(UNIVERSES[name], trouble=trouble)
    outcome = Outcome()

    await try_operations(trial, Random(name), outcome, name)

    assert [finding(await smallest(each)) for each in outcome.findings[:1]] == []
    assert outcome.operations > 0
