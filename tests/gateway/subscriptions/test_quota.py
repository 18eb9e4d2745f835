"""How many streams one caller may have."""

import pytest

from gateway.authentication.principals import Caller
from gateway.errors import LimitExceeded
from gateway.subscriptions.quota import Quota
from tests.support.issuing import a_principal


def a_caller() -> Caller:
    principal = a_principal()
    return Caller(principal, principal.encode())


def take(quota: Quota, caller: Caller | None, address: str | None = None) -> None:
    with quota.taken(caller, address):
        pass


def test_one_more_than_allowed_is_refused_until_another_ends() -> None:
    quota, caller = Quota(2), a_caller()

    with quota.taken(caller, None):
        with quota.taken(caller, None), pytest.raises(LimitExceeded):
            take(quota, caller)
        take(quota, caller)


def test_callers_count_apart() -> None:
    quota = Quota(1)

    with quota.taken(a_caller(), "1.2.3.4"):
        take(quota, a_caller(), "1.2.3.4")


def test_nobody_is_known_by_the_address() -> None:
    quota = Quota(1)

    with quota.taken(None, "1.2.3.4"):
        take(quota, None, "1.2.3.5")
        with pytest.raises(LimitExceeded):
            take(quota, None, "1.2.3.4")
