"""Why a payment failed: words that providers' reasons are told in, and what payers read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kit.messages import N_, Message


class Failure(StrEnum):
    """A closed list: a provider's own reason is told as one of these."""

    DECLINED = "DECLINED"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    METHOD_EXPIRED = "METHOD_EXPIRED"
    ABANDONED = "ABANDONED"
    NOT_RECEIVED = "NOT_RECEIVED"


SENTENCES: Final[Mapping[str, str]] = {
    Failure.DECLINED: N_("The payment was declined. Try another way of paying."),
    Failure.INSUFFICIENT_FUNDS: N_("There was not enough money on the account."),
    Failure.METHOD_EXPIRED: N_("This way of paying has expired."),
    Failure.ABANDONED: N_("The payment was not confirmed in time."),
    Failure.NOT_RECEIVED: N_("The payment did not reach the provider: nothing was charged."),
}


def told(failure: str) -> Message:
    """What the payer reads; a word from before the list was closed is a plain refusal."""
    return Message(SENTENCES.get(failure, SENTENCES[Failure.DECLINED]))
