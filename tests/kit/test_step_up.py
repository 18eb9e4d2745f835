"""Step-up: whose proof is too old, or who has none, is asked for one."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.contract import ErrorCode, PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.step_up import StepUpRequired, require_step_up

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def proven_until(moment: datetime | None) -> Principal:
    return Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), proven_until=moment)


def test_a_proof_is_good_until_its_moment() -> None:
    require_step_up(proven_until(NOW + timedelta(seconds=1)), NOW)


@pytest.mark.parametrize("moment", [None, NOW, NOW - timedelta(days=1)])
def test_without_a_proof_that_holds_one_is_asked_for(moment: datetime | None) -> None:
    with pytest.raises(StepUpRequired) as refusal:
        require_step_up(proven_until(moment), NOW)

    assert refusal.value.code is ErrorCode.STEP_UP_REQUIRED


def test_the_clock_is_todays_where_none_is_given() -> None:
    with pytest.raises(StepUpRequired):
        require_step_up(proven_until(datetime.now(UTC) - timedelta(seconds=1)))


def test_the_proof_travels_with_the_principal() -> None:
    sent = proven_until(NOW)

    assert Principal.decode(sent.encode()).proven_until == NOW
