"""Signs people in, for the tests of identity."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet

from kit.database import Database
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.one_time_codes import seal_secret
from services.identity.authentication.sign_in import SignIn, Tokens
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import Throttle
from services.identity.models import Credential, Session, User
from tests.support.credentials import HASHER, LIFETIMES, SEALER, Clock, the_credentials
from tests.support.identity import a_user, kept

PASSWORD = "correct horse battery staple"
ISSUER = "https://portal.example"
#: Of everybody's second factor, in base 32.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def the_sign_in(
    identity: Database,
    clock: Clock | None = None,
    hasher: PasswordHasher = HASHER,
    throttle: Throttle | None = None,
) -> SignIn:
    """Signing in, without limits unless there is a `throttle`."""
    now = clock or Clock()
    keys = SigningKeys(identity, SEALER, lifetime=timedelta(days=30))
    credentials = the_credentials(identity, throttle=throttle, hasher=hasher, now=now)
    return SignIn(
        database=identity,
        passwords=credentials.passwords,
        second_factors=credentials.second_factors,
        throttle=credentials.throttle,
        tokens=AccessTokens(keys, ISSUER, timedelta(minutes=5), now),
        lifetimes=LIFETIMES,
        now=now,
    )


async def a_person(identity: Database, **values: Any) -> User:
    """Somebody with a password, and with a second factor where `mfa_enabled`."""
    user = a_user(**values)
    secret = seal_secret(SEALER, user.id, SECRET) if user.mfa_enabled else None
    credential = Credential(
        user_id=user.id, password_hash=HASHER.hash(PASSWORD), totp_secret=secret
    )
    await kept(identity, user, credential)
    return user


def code_at(clock: Clock, steps: int = 0) -> str:
    """The code of everybody's second factor, so many steps of 30 seconds from now."""
    return pyotp.TOTP(SECRET).at(clock.now, counter_offset=steps)


async def claims_of(people: SignIn, tokens: Tokens) -> dict[str, Any]:
    """What an access token says, checked as the gateway does."""
    keys: Any = {"keys": await people.tokens.keys.published()}
    key_set = KeySet.import_key_set(keys)
    return jwt.decode(tokens.access_token, key_set, algorithms=["Ed25519"]).claims


async def session_with(identity: Database, session_id: str) -> Session:
    """The session that an access token names."""
    async with identity.system() as session:
        return await session.get_one(Session, UUID(session_id))
