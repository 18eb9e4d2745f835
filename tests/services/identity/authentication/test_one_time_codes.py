"""Codes of the second factor: each is one moment's, and good once."""

from base64 import b32encode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from services.identity.authentication.one_time_codes import (
    accepted_step,
    new_secret,
    provisioning_uri,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


#: RFC 6238, appendix B, SHA-1: the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_specification(seconds: int, code: str) -> None:
    secret = b32encode(b"12345678901234567890").decode()

    step = accepted_step(secret, code, datetime.fromtimestamp(seconds, UTC), after=0)

    assert step == seconds // 30


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(drift: int, accepted: bool) -> None:
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW, counter_offset=drift)

    assert (accepted_step(secret, code, NOW, after=0) is not None) is accepted


def test_a_code_works_once_and_so_do_those_before_it() -> None:
    secret = new_secret()
    totp = pyotp.TOTP(secret)
    used = accepted_step(secret, totp.at(NOW), NOW, after=0)

    assert used is not None
    assert accepted_step(secret, totp.at(NOW), NOW, after=used) is None
    assert accepted_step(secret, totp.at(NOW, counter_offset=-1), NOW, after=used) is None
    assert accepted_step(secret, totp.at(NOW, counter_offset=1), NOW, after=used) == used + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "é12345", "\x00" * 6])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert accepted_step(new_secret(), code, NOW, after=0) is None


def test_a_secret_has_160_bits_and_is_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {32}


def test_applications_read_the_secret_from_the_uri() -> None:
    secret = new_secret()

    uri = provisioning_uri(secret, email="ada@example.com", issuer="Customer portal")

    assert pyotp.parse_uri(uri).secret == secret
    assert parse_qs(urlsplit(uri).query)["issuer"] == ["Customer portal"]
