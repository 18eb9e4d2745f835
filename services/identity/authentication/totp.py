"""The second factor: time-based one-time passwords (RFC 6238) of six digits and 30 seconds."""

import hmac
from datetime import datetime
from typing import Final

_SECONDS: Final = 30
_DIGITS: Final = 6
#: Steps that a clock may be off.
_DRIFT: Final = 1


def code_at(secret: bytes, step: int) -> str:
    """The code of one time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def step_at(now: datetime) -> int:
    """The time step that `now` is in."""
    return int(now.timestamp()) // _SECONDS


def accepted_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The step whose code this is; None when it is wrong, or no later than `after`."""
    current, given = step_at(now), code.encode()
    steps = range(current - _DRIFT, current + _DRIFT + 1)
    matching = [
        step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), given)
    ]
    return next((step for step in matching if step > after), None)
