"""Signing in, going on, signing out."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import func, select

from kit.database import Database
from kit.ids import to_global
from kit.outbox import OutboxRow
from services.identity.authentication import sessions, totp
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import (
    AuthenticationError,
    BadCredentials,
    SecondFactorNeeded,
    SessionOver,
    TooManyAttempts,
)
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Lifetimes
from services.identity.authentication.sign_in import Attempt, SignIn, Tokens, seal_second_factor
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import Throttle
from services.identity.events import SessionEnded
from services.identity.models import (
    Credential,
    RefreshToken,
    Session,
    User,
    UserState,
)
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
    async with identity.system() as session:
        return await session.get_one(Session, UUID(session_id))


async def endings(identity: Database, session_id: str) -> int:
    """How often the end of a session was announced."""
    async with identity.system() as session:
        count = await session.scalar(
            select(func.count())
            .select_from(OutboxRow)
            .where(
                OutboxRow.topic == SessionEnded.topic,
                OutboxRow.payload["session_id"].astext == session_id,
            )
        )
    return count or 0


async def test_the_right_password_begins_a_session(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    tokens = await people.sign_in(Attempt(user.email, PASSWORD, user_agent="Browser"))

    claims = await claims_of(people, tokens)
    assert claims["sub"] == to_global("user", user.id)
    assert (claims["iss"], claims["aud"]) == (ISSUER, "portal")
    assert claims["exp"] - claims["iat"] == tokens.expires_in == 300
    begun = await session_with(identity, claims["sid"])
    assert (begun.user_id, begun.user_agent) == (user.id, "Browser")


async def test_two_sign_ins_are_two_sessions_with_tokens_of_their_own(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    first = await people.sign_in(Attempt(user.email, PASSWORD))
    second = await people.sign_in(Attempt(user.email, PASSWORD))

    assert (await claims_of(people, first))["sid"] != (await claims_of(people, second))["sid"]
    assert first.refresh_token != second.refresh_token


async def test_the_address_may_be_typed_in_any_case_and_composition(identity: Database) -> None:
    await a_person(identity, email="Ren\u00e9@Example.com")

    tokens = await the_sign_in(identity).sign_in(Attempt(" rene\u0301@EXAMPLE.com ", PASSWORD))

    assert tokens.access_token


async def refused(people: SignIn, attempt: Attempt) -> AuthenticationError:
    with pytest.raises(AuthenticationError) as refusal:
        await people.sign_in(attempt)
    return refusal.value


async def test_unknown_address_wrong_password_and_suspension_answer_alike(
    identity: Database,
) -> None:
    user = await a_person(identity)
    suspended = await a_person(identity, state=UserState.SUSPENDED)
    people = the_sign_in(identity)

    refusals = [
        await refused(people, Attempt("nobody@example.com", PASSWORD)),
        await refused(people, Attempt(user.email, "wrong")),
        await refused(people, Attempt(suspended.email, PASSWORD)),
    ]

    assert {(type(each), str(each)) for each in refusals} == {
        (BadCredentials, BadCredentials.description)
    }


class CountingHasher(PasswordHasher):
    """Counts the hashes that it compares with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified += 1
        return bool(super().verify(hash, password))


async def test_an_unknown_address_costs_as_much_work_as_a_known_one(identity: Database) -> None:
    user, hasher = await a_person(identity), CountingHasher()
    people = the_sign_in(identity, hasher=hasher)

    await refused(people, Attempt(user.email, "wrong"))
    known = hasher.verified
    await refused(people, Attempt("unknown@example.com", "wrong"))

    assert (known, hasher.verified) == (1, 2)


async def test_somebody_without_a_password_cannot_sign_in(identity: Database) -> None:
    user = a_user()
    await kept(identity, user)

    with pytest.raises(BadCredentials):
        await the_sign_in(identity).sign_in(Attempt(user.email, ""))


@pytest.mark.parametrize("known", [True, False])
async def test_an_address_that_fails_too_often_has_to_wait(identity: Database, known: bool) -> None:
    user = a_user()
    await kept(identity, *[user, Credential(user_id=user.id, password_hash="x")] * known)
    people = the_sign_in(identity)

    refusals = [await refused(people, Attempt(user.email, "wrong")) for _ in range(4)]

    *first, last = refusals
    assert [type(each) for each in first] == [BadCredentials] * 3
    assert isinstance(last, TooManyAttempts)
    assert 0 < last.retry_after <= WINDOW.total_seconds() + 1


async def test_the_right_password_is_refused_while_one_has_to_wait_and_works_afterwards(
    identity: Database,
) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    for _ in range(3):
        await refused(people, Attempt(user.email, "wrong"))

    assert isinstance(await refused(people, Attempt(user.email, PASSWORD)), TooManyAttempts)
    clock.now += WINDOW

    assert isinstance(await people.sign_in(Attempt(user.email, PASSWORD)), Tokens)


async def test_many_attempts_at_once_do_not_get_past_the_limit(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    refusals = await asyncio.gather(
        *(refused(people, Attempt(user.email, "wrong")) for _ in range(8))
    )

    assert sum(isinstance(each, BadCredentials) for each in refusals) == 3


async def test_the_right_password_clears_the_count(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    for _ in range(4):
        refusal = await refused(people, Attempt(user.email, "wrong"))
        await people.sign_in(Attempt(user.email, PASSWORD))

    assert isinstance(refusal, BadCredentials)


async def test_an_outdated_hash_is_replaced_when_its_password_is_given(
    identity: Database,
) -> None:
    user = await a_person(identity)
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)

    await the_sign_in(identity, hasher=stronger).sign_in(Attempt(user.email, PASSWORD))

    async with identity.system() as session:
        credential = await session.get_one(Credential, user.id)
    assert "t=2" in credential.password_hash
    tokens = await the_sign_in(identity).sign_in(Attempt(user.email, PASSWORD))
    assert isinstance(tokens, Tokens)


def code(clock: Clock) -> str:
    return totp.code_at(b"secret", totp.step_at(clock.now))


async def test_with_a_second_factor_the_password_alone_is_not_enough(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    people = the_sign_in(identity, clock)

    assert isinstance(await refused(people, Attempt(user.email, PASSWORD)), SecondFactorNeeded)
    assert isinstance(
        await refused(people, Attempt(user.email, PASSWORD, code="000000x")), BadCredentials
    )
    tokens = await people.sign_in(Attempt(user.email, PASSWORD, code=code(clock)))
    assert isinstance(tokens, Tokens)


async def test_a_second_factors_code_is_good_for_one_sign_in(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    people = the_sign_in(identity, clock)
    attempt = Attempt(user.email, PASSWORD, code=code(clock))
    await people.sign_in(attempt)

    assert isinstance(await refused(people, attempt), BadCredentials)


async def test_whether_somebody_has_a_second_factor_shows_to_who_knows_the_password(
    identity: Database,
) -> None:
    user = await a_person(identity, mfa_enabled=True)

    refusal = await refused(the_sign_in(identity), Attempt(user.email, "wrong"))

    assert isinstance(refusal, BadCredentials)


async def test_a_refresh_token_prolongs_its_session(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))

    second = await people.refresh(first.refresh_token)

    assert second.refresh_token != first.refresh_token
    assert (await claims_of(people, second))["sid"] == (await claims_of(people, first))["sid"]


async def test_a_refresh_token_used_twice_ends_the_session_for_both(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))
    second = await people.refresh(first.refresh_token)

    with pytest.raises(SessionOver):
        await people.refresh(first.refresh_token)
    with pytest.raises(SessionOver):
        await people.refresh(second.refresh_token)

    session_id = (await claims_of(people, first))["sid"]
    assert (await session_with(identity, session_id)).ended_at is not None
    assert await endings(identity, session_id) == 1


async def test_of_two_uses_at_once_one_succeeds_and_the_session_ends(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))

    results = await asyncio.gather(
        people.refresh(first.refresh_token),
        people.refresh(first.refresh_token),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["SessionOver", "Tokens"]
    assert await endings(identity, (await claims_of(people, first))["sid"]) == 1


async def test_a_session_ends_when_it_was_not_used_for_long(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))

    clock.now += people.lifetimes.idle

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)


async def test_a_session_ends_at_last_however_much_it_is_used(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    for _ in range(2):
        clock.now += timedelta(days=13)
        tokens = await people.refresh(tokens.refresh_token)

    clock.now += timedelta(days=5)

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)


@pytest.mark.parametrize("token", ["", "nonsense", "é"])
async def test_an_unknown_refresh_token_is_good_for_nothing(identity: Database, token: str) -> None:
    with pytest.raises(SessionOver):
        await the_sign_in(identity).refresh(token)


@pytest.mark.parametrize("carried", ["refresh", "access", "both"])
async def test_signing_out_ends_the_session_by_either_token(
    identity: Database, carried: str
) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    given = {
        "refresh": (tokens.refresh_token, None),
        "access": (None, tokens.access_token),
        "both": (tokens.refresh_token, tokens.access_token),
    }

    await people.sign_out(*given[carried])
    await people.sign_out(*given[carried])

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)
    assert await endings(identity, (await claims_of(people, tokens))["sid"]) == 1


async def test_a_token_that_we_did_not_sign_signs_nobody_out(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    kid = (await people.tokens.keys.signing()).id
    forger = OKPKey.generate_key("Ed25519")
    forged = jwt.encode(
        {"alg": "Ed25519", "kid": kid},
        await claims_of(people, tokens),
        forger,
        algorithms=["Ed25519"],
    )

    await people.sign_out(None, forged)

    assert isinstance(await people.refresh(tokens.refresh_token), Tokens)


async def test_signing_out_with_nonsense_is_no_error(identity: Database) -> None:
    await the_sign_in(identity).sign_out("nonsense", "nonsense")


async def test_tokens_are_stored_as_hashes_only(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))

    async with identity.system() as session:
        row = await session.get(RefreshToken, sessions.hash_of(tokens.refresh_token))

    assert row is not None
    assert tokens.refresh_token.encode() not in row.token_hash
