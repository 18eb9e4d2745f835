"""Signing in: passwords and second factors."""

import pytest
from argon2 import PasswordHasher

from kit.database import Database
from kit.ids import to_global
from services.identity.authentication.errors import (
    AuthenticationError,
    BadCredentials,
    SecondFactorNeeded,
)
from services.identity.authentication.second_factors import Factor
from services.identity.authentication.sessions import Visit
from services.identity.authentication.sign_in import Attempt, SignIn, Tokens
from services.identity.models import Credential, UserState
from tests.support.credentials import Clock
from tests.support.identity import a_user, kept
from tests.support.signing_in import (
    ISSUER,
    PASSWORD,
    a_person,
    claims_of,
    code_at,
    session_with,
    the_sign_in,
)

VISIT = Visit(user_agent="Browser", address="192.0.2.7")


async def test_the_right_password_begins_a_session(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    tokens = await people.sign_in(Attempt(user.email, PASSWORD, visit=VISIT))

    claims = await claims_of(people, tokens)
    assert claims["sub"] == to_global("user", user.id)
    assert (claims["iss"], claims["aud"]) == (ISSUER, "portal")
    assert claims["exp"] - claims["iat"] == tokens.expires_in == 300
    begun = await session_with(identity, claims["sid"])
    assert (begun.user_id, begun.user_agent, begun.address) == (user.id, "Browser", "192.0.2.7")


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


async def test_an_outdated_hash_is_replaced_when_its_password_is_given(
    identity: Database,
) -> None:
    user = await a_person(identity)
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)

    await the_sign_in(identity, hasher=stronger).sign_in(Attempt(user.email, PASSWORD))

    async with identity.system() as session:
        credential = await session.get_one(Credential, user.id)
    assert "t=2" in (credential.password_hash or "")
    tokens = await the_sign_in(identity).sign_in(Attempt(user.email, PASSWORD))
    assert isinstance(tokens, Tokens)


async def test_with_a_second_factor_the_password_alone_is_not_enough(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    people = the_sign_in(identity, clock)

    assert isinstance(await refused(people, Attempt(user.email, PASSWORD)), SecondFactorNeeded)
    assert isinstance(
        await refused(people, Attempt(user.email, PASSWORD, factor=Factor("000000x"))),
        BadCredentials,
    )
    tokens = await people.sign_in(Attempt(user.email, PASSWORD, factor=Factor(code_at(clock))))
    assert isinstance(tokens, Tokens)


async def test_a_second_factors_code_is_good_for_one_sign_in(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    people = the_sign_in(identity, clock)
    attempt = Attempt(user.email, PASSWORD, factor=Factor(code_at(clock)))
    await people.sign_in(attempt)

    assert isinstance(await refused(people, attempt), BadCredentials)


async def test_whether_somebody_has_a_second_factor_shows_to_who_knows_the_password(
    identity: Database,
) -> None:
    user = await a_person(identity, mfa_enabled=True)

    refusal = await refused(the_sign_in(identity), Attempt(user.email, "wrong"))

    assert isinstance(refusal, BadCredentials)
