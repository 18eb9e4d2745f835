"""Why a payment failed, in words."""

import pytest

from services.billing import failures


@pytest.mark.parametrize("failure", failures.Failure)
def test_every_failure_has_a_sentence(failure: failures.Failure) -> None:
    assert failures.told(failure).sentence == failures.SENTENCES[failure]


def test_a_failure_of_an_older_list_is_a_plain_refusal() -> None:
    told = failures.told("SOMETHING_ELSE")

    assert told.sentence == failures.SENTENCES[failures.Failure.DECLINED]
