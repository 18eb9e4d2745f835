"""What the browser keeps while it is at a provider."""

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.authentication.oidc.errors import NotStartedHere
from services.identity.authentication.oidc.flow import LIFETIME, begin, resume
from services.identity.authentication.sealing import Sealer

SEALER = Sealer(b"k" * 32)
NOW = datetime.now(UTC)


def test_it_is_resumed_as_it_was() -> None:
    flow = begin("/cases", NOW)

    assert resume(flow.seal(SEALER, "acme"), flow.state, SEALER, "acme", NOW) == flow


def test_nobody_reads_what_the_browser_keeps() -> None:
    flow = begin("/cases", NOW)

    kept = flow.seal(SEALER, "acme")

    for secret in (flow.state, flow.nonce, flow.verifier, "/cases"):
        assert secret not in kept


def test_it_ends_by_itself() -> None:
    flow = begin("/", NOW)
    kept = flow.seal(SEALER, "acme")

    with pytest.raises(NotStartedHere):
        resume(kept, flow.state, SEALER, "acme", NOW + LIFETIME)


@pytest.mark.parametrize("kept", [None, "", "A", "not base64 é", "AAAA" * 40])
def test_what_we_did_not_seal_is_nothing(kept: str | None) -> None:
    with pytest.raises(NotStartedHere):
        resume(kept, "", SEALER, "acme", NOW)


def test_each_providers_is_its_own() -> None:
    flow = begin("/", NOW)

    with pytest.raises(NotStartedHere):
        resume(flow.seal(SEALER, "acme"), flow.state, SEALER, "other", NOW)


def test_another_states_answer_is_not_this_attempts() -> None:
    one, other = begin("/", NOW), begin("/", NOW + timedelta(seconds=1))

    with pytest.raises(NotStartedHere):
        resume(one.seal(SEALER, "acme"), other.state, SEALER, "acme", NOW)
