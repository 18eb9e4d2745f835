"""Signs people in, for the tests of identity."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet

from kit.database import Database
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Lifetimes
from services.identity.authentication.sign_in import SignIn, Tokens, seal_second_factor
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import Throttle
from services.identity.models import Credential, Session, User
from tests.support.identity import a_user, kept

PASSWORD = "correct horse battery staple"
ISSUER = "https://portal.example"
SEALER = Sealer(b"k" * 32)
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WINDOW = timedelta(minutes=15)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def the_sign_in(
    identity: Database, clock: Clock | None = None, hasher: PasswordHasher = HASHER
) -> SignIn:
    """Signing in, where three wrong guesses are too many."""
    now = clock or Clock()
    keys = SigningKeys(identity, SEALER, lifetime=timedelta(days=30))
    return SignIn(
        database=identity,
        passwords=Passwords(hasher, workers=2),
        sealer=SEALER,
        throttle=Throttle(3, WINDOW),
        tokens=AccessTokens(keys, ISSUER, timedelta(minutes=5), now),
        lifetimes=Lifetimes(idle=timedelta(days=14), most=timedelta(days=30)),
        now=now,
    )


async def a_person(identity: Database, **values: Any) -> User:
    """Somebody with a password, and with a second factor where `mfa_enabled`."""
    user = a_user(**values)
    secret = seal_second_factor(SEALER, user.id, b"secret") if user.mfa_enabled else None
    credential = Credential(
        user_id=user.id, password_hash=HASHER.hash(PASSWORD), totp_secret=secret
    )
    await kept(identity, user, credential)
    return user


async def claims_of(people: SignIn, tokens: Tokens) -> dict[str, Any]:
    """What an access token says, checked as the gateway does."""
    keys: Any = {"keys": await people.tokens.keys.published()}
    key_set = KeySet.import_key_set(keys)
    return jwt.decode(tokens.access_token, key_set, algorithms=["Ed25519"]).claims


async def session_with(identity: Database, session_id: str) -> Session:
    """The session that an access token names."""
    async with identity.system() as session:
        return await session.get_one(Session, UUID(session_id))
