"""A policy that does not say yes says no (A30)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from gateway.persisted.rights import Registrants
from tests.support.asking import TRANSPORTS, Asking
from tests.support.company import CASE
from tests.support.guarded_gateway import Backend, a_gateway


@pytest_asyncio.fixture(scope="module")
async def judging(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """A gateway with policies, which wait a moment at most."""
    async with a_gateway(
        backend,
        supergraph,
        valkey_url,
        registrants=Registrants.EVERYBODY,
        policies="tests.support.company_policies",
        policy_timeout=0.05,
    ) as origin:
        yield f"{origin}/graphql"


@pytest.fixture(params=TRANSPORTS)
def asked(
    request: pytest.FixtureRequest, session: ClientSession, judging: str, backend: Backend
) -> Asking:
    """Asks the gateway with policies."""
    return Asking(session, judging, None, backend, TRANSPORTS[request.param])


@pytest.mark.parametrize("name", ["closed", "slow", "broken", "garbage", "unknown", "both"])
async def test_what_is_not_a_yes_is_a_no(asked: Asking, name: str) -> None:
    answer = await asked(f"{{ judged {{ x: {name} }} }}")

    assert answer.data == {"judged": {"x": None}}
    assert answer.denied == ["judged.x"]
    assert answer.errors[0]["extensions"]["directive"] == "policy"
    assert name not in answer.asked
    assert answer.leaks == []


async def test_policies_that_say_yes_open_and_others_beside_them_stay_closed(
    asked: Asking,
) -> None:
    answer = await asked("{ judged { open either closed slow } }")

    assert answer.data == {
        "judged": {"open": "secret-open", "either": "secret-either", "closed": None, "slow": None}
    }
    assert answer.denied == ["judged.closed", "judged.slow"]


async def test_a_policy_does_not_stand_in_for_a_scope(asked: Asking) -> None:
    denied = await asked("{ judged { scoped } }")
    permitted = await asked("{ judged { scoped } }", CASE)

    assert denied.data == {"judged": {"scoped": None}}
    assert permitted.data == {"judged": {"scoped": "secret-scoped"}}


async def test_a_policy_decides_for_each_object(asked: Asking) -> None:
    answer = await asked("{ staff { id review } }")

    assert answer.data == {
        "staff": [{"id": "e1", "review": "secret-review-1"}, {"id": "e2", "review": None}]
    }
    assert answer.denied == ["staff.1.review"]
    assert "secret-review-3" not in answer.text


async def test_a_policy_with_fewer_answers_than_questions_opens_nothing(asked: Asking) -> None:
    answer = await asked("{ staff { appraisal } }")

    assert answer.data == {"staff": [{"appraisal": None}, {"appraisal": None}]}
    assert answer.leaks == []


async def test_without_policies_every_policy_is_closed(ask: Asking) -> None:
    answer = await ask("{ judged { open either } staff { review } }", CASE)

    assert answer.data == {
        "judged": {"open": None, "either": None},
        "staff": [{"review": None}, {"review": None}],
    }
    assert "open" not in answer.asked
    assert answer.leaks == []
