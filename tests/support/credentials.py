"""What identity's tests sign people in with: fast hashes, a clock set by hand, limits on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from argon2 import PasswordHasher

from kit.database import Database
from services.identity.authentication.password_changes import PasswordChanges
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.proofs import Proofs
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.second_factors import SecondFactors
from services.identity.authentication.sessions import Lifetimes
from services.identity.authentication.throttle import Guarded, Limits, Throttle

NO_REDIS: Final = "redis://127.0.0.1:1"
#: Without a limit nothing is counted, in Redis or elsewhere.
UNLIMITED: Final = {each: Limits() for each in Guarded}
SEALER_KEY: Final = b"k" * 32
SEALER: Final = Sealer(SEALER_KEY)
HASHER: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LIFETIMES: Final = Lifetimes(
    idle=timedelta(days=14), most=timedelta(days=30), proof=timedelta(minutes=15)
)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def unlimited() -> Throttle:
    """Counts nothing."""
    return Throttle(NO_REDIS, UNLIMITED)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What changes and checks them, over one database."""

    passwords: Passwords
    throttle: Throttle
    second_factors: SecondFactors
    proofs: Proofs
    changes: PasswordChanges


def the_credentials(
    identity: Database,
    *,
    throttle: Throttle | None = None,
    hasher: PasswordHasher = HASHER,
    now: Callable[[], datetime] | None = None,
) -> Credentials:
    """All of it, without limits unless there is a `throttle`."""
    now, throttle = now or Clock(), throttle or unlimited()
    passwords = Passwords(hasher, workers=2)
    factors = SecondFactors(identity, SEALER, throttle, "Portal", now)
    return Credentials(
        passwords=passwords,
        throttle=throttle,
        second_factors=factors,
        proofs=Proofs(identity, passwords, factors, throttle, LIFETIMES, now),
        changes=PasswordChanges(identity, passwords, throttle, SEALER, now),
    )
