"""Signing in: passwords, second factors, and waiting after wrong guesses."""

import asyncio

import pytest
from argon2 import PasswordHasher

from kit.database import Database
from kit.ids import to_global
from services.identity.authentication import totp
from services.identity.authentication.errors import (
    AuthenticationError,
    BadCredentials,
    SecondFactorNeeded,
    TooManyAttempts,
)
from services.identity.authentication.sign_in import Attempt, SignIn, Tokens
from services.identity.models import Credential, UserState
from tests.support.identity import a_user, kept
from tests.support.signing_in import (
    ISSUER,
    PASSWORD,
    WINDOW,
    Clock,
    a_person,
    claims_of,
    session_with,
    the_sign_in,
)


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
