"""The sandbox: what happens follows from the token, and only once."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import new_id
from services.billing.failures import Failure
from services.billing.providers import sandbox
from services.billing.providers.provider import (
    ActionRequired,
    Charge,
    Failed,
    Outcome,
    Pending,
    Succeeded,
)
from services.billing.providers.sandbox import Sandbox

START = datetime(2026, 11, 21, tzinfo=UTC)


class Clock:
    """Stands still until it is turned on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


def a_charge(token: str) -> Charge:
    """A hundred euros."""
    return Charge(new_id(), token, 100_00, "EUR")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (sandbox.DECLINED, Failure.DECLINED),
        (sandbox.INSUFFICIENT, Failure.INSUFFICIENT_FUNDS),
        (sandbox.EXPIRED, Failure.METHOD_EXPIRED),
        ("tok_unheard_of", Failure.DECLINED),
    ],
)
async def test_a_token_fails_for_its_reason(token: str, reason: Failure) -> None:
    outcome = await Sandbox().collect(a_charge(token))

    assert isinstance(outcome, Failed)
    assert outcome.reason is reason


@pytest.mark.parametrize(
    ("token", "at_once", "after_minutes"),
    [
        (sandbox.SUCCESS, Succeeded, Succeeded),
        (sandbox.SLOW, Pending, Succeeded),
        (sandbox.ACTION, ActionRequired, Failed),
    ],
)
async def test_the_record_follows_the_clock(
    token: str, at_once: type[Outcome], after_minutes: type[Outcome]
) -> None:
    clock = Clock()
    provider, charge = Sandbox(clock=clock), a_charge(token)

    first = await provider.collect(charge)
    clock.advance(minutes=16)
    then = await provider.find(charge.payment_id)

    assert isinstance(first, at_once)
    assert isinstance(then, after_minutes)


async def test_a_confirmed_payment_succeeds() -> None:
    provider, charge = Sandbox(), a_charge(sandbox.ACTION)
    await provider.collect(charge)

    provider.confirm(charge.payment_id)

    assert isinstance(await provider.find(charge.payment_id), Succeeded)


async def test_the_same_payment_again_is_the_one_before() -> None:
    clock = Clock()
    provider, charge = Sandbox(clock=clock), a_charge(sandbox.SLOW)
    first = await provider.collect(charge)
    clock.advance(minutes=1)

    again = await provider.collect(charge)

    assert isinstance(first, Pending)
    assert again == Succeeded(first.reference)


async def test_what_was_never_asked_is_not_on_record() -> None:
    assert await Sandbox().find(new_id()) is None


async def test_unknown_tokens_describe_nothing() -> None:
    assert await Sandbox().describe("pm_nonsense") is None
