"""Everything by which people are known, put together from the settings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher

from kit.database import Database
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.password_changes import PasswordChanges
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.proofs import Proofs
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.second_factors import SecondFactors
from services.identity.authentication.sessions import Lifetimes
from services.identity.authentication.sign_in import SignIn
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import LIMITS, Throttle
from services.identity.settings import Settings

#: What authenticator applications show beside our codes.
_ISSUER: Final = "Customer portal"


@dataclass(frozen=True, slots=True)
class Authentication:
    """One of each for the process. `throttle.run` belongs to its background work."""

    sealer: Sealer
    keys: SigningKeys
    tokens: AccessTokens
    throttle: Throttle
    passwords: Passwords
    people: SignIn
    proofs: Proofs
    password_changes: PasswordChanges
    second_factors: SecondFactors


def open_authentication(settings: Settings, database: Database) -> Authentication:
    """As the settings say; nothing is connected yet."""
    sealer = Sealer(settings.sealing_secret)
    keys = SigningKeys(database, sealer, lifetime=timedelta(seconds=settings.signing_key_lifetime))
    tokens = AccessTokens(
        keys, settings.public_url, timedelta(seconds=settings.access_token_lifetime)
    )
    throttle = Throttle(settings.redis_url, {**LIMITS, **settings.limits})
    passwords, lifetimes = _passwords(settings), _lifetimes(settings)
    factors = SecondFactors(database, sealer, throttle, _ISSUER)
    return Authentication(
        sealer=sealer,
        keys=keys,
        tokens=tokens,
        throttle=throttle,
        passwords=passwords,
        people=SignIn(database, passwords, factors, throttle, tokens, lifetimes),
        proofs=Proofs(database, passwords, factors, throttle, lifetimes),
        password_changes=PasswordChanges(database, passwords, throttle, sealer),
        second_factors=factors,
    )


def _passwords(settings: Settings) -> Passwords:
    hasher = PasswordHasher(
        time_cost=settings.password_passes,
        memory_cost=settings.password_memory,
        parallelism=settings.password_lanes,
    )
    return Passwords(hasher, workers=settings.password_workers)


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        idle=timedelta(seconds=settings.session_idle_lifetime),
        most=timedelta(seconds=settings.session_lifetime),
        proof=timedelta(seconds=settings.proof_lifetime),
    )
