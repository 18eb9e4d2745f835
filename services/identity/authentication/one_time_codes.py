"""Codes of the second factor: time-based (RFC 6238), six digits, 30 seconds, each good once."""

from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from pyotp import OTPVerificationError

from services.identity.authentication.sealing import Sealer

#: Steps that a clock may be off.
_DRIFT: Final = 1
#: Characters of base 32: 160 bits, as RFC 4226 recommends.
_SECRET_LENGTH: Final = 32


def new_secret() -> str:
    """160 random bits in base 32, as authenticator applications take them."""
    return pyotp.random_base32(_SECRET_LENGTH)


def provisioning_uri(secret: str, *, email: str, issuer: str) -> str:
    """The `otpauth://` URI that an application reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def accepted_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is; None when it is wrong, or no later than `after`."""
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=_DRIFT)
    except OTPVerificationError:
        return None
    return step if step > after else None


def seal_secret(sealer: Sealer, user_id: UUID, secret: str) -> bytes:
    """What `Credential.totp_secret` holds."""
    return sealer.seal(secret.encode(), _purpose(user_id))


def open_secret(sealer: Sealer, user_id: UUID, sealed: bytes) -> str:
    """What was sealed. Raises `Unsealable`."""
    return sealer.open(sealed, _purpose(user_id)).decode()


def _purpose(user_id: UUID) -> str:
    return f"totp {user_id}"
