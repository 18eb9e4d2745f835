"""Step-up: a session's person proves that it is them, with the second factor if they have one."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from kit.step_up import StepUpRequired, require_step_up
from services.identity.authentication.errors import (
    AuthenticationError,
    BadCredentials,
    SecondFactorNeeded,
    SessionOver,
)
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.proofs import Proof
from services.identity.authentication.second_factors import Factor
from services.identity.authentication.sessions import Visit
from services.identity.authentication.sign_in import Attempt
from services.identity.events import PrincipalChanged
from services.identity.models import User, UserState
from tests.support.credentials import HASHER, LIFETIMES, Clock, the_credentials
from tests.support.identity import a_client, a_session, an_account, kept, loaded
from tests.support.signing_in import PASSWORD, a_person, claims_of, code_at, the_sign_in


async def test_signing_in_is_a_proof_for_a_while(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    session_id = (await claims_of(people, tokens))["sid"]

    principal = await loaded(identity, session_id)

    assert principal is not None
    require_step_up(principal, clock.now + LIFETIMES.proof - timedelta(seconds=1))
    with pytest.raises(StepUpRequired):
        require_step_up(principal, clock.now + LIFETIMES.proof)


async def test_refreshing_proves_nothing(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    clock.now += LIFETIMES.proof

    tokens = await people.refresh(tokens.refresh_token)

    principal = await loaded(identity, (await claims_of(people, tokens))["sid"])
    assert principal is not None
    with pytest.raises(StepUpRequired):
        require_step_up(principal, clock.now)


async def test_the_password_renews_the_proof_of_this_session_alone(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    own, other = [await a_session(identity, user, proven_until=None) for _ in range(2)]

    until = await the_credentials(identity, now=clock).proofs.renew(
        own.id, Proof(PASSWORD), Visit()
    )

    proven = [await loaded(identity, each.id) for each in (own, other)]
    assert until == clock.now + LIFETIMES.proof
    assert [each.proven_until for each in proven if each] == [until, None]


async def test_the_gateway_hears_of_it(identity: Database) -> None:
    user = await a_person(identity)
    own = await a_session(identity, user, proven_until=None)

    await the_credentials(identity).proofs.renew(own.id, Proof(PASSWORD), Visit())

    async with identity.system() as session:
        changed = select(OutboxRow.payload).where(OutboxRow.topic == PrincipalChanged.topic)
        rows = (await session.scalars(changed)).all()
    assert {"principal_id": str(user.id)} in rows


async def test_who_has_a_second_factor_proves_it_and_nothing_less(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    own = await a_session(identity, user, proven_until=None)
    proofs = the_credentials(identity, now=clock).proofs

    with pytest.raises(SecondFactorNeeded):
        await proofs.renew(own.id, Proof(PASSWORD), Visit())
    with pytest.raises(BadCredentials):
        await proofs.renew(own.id, Proof(factor=Factor("000000x")), Visit())

    until = await proofs.renew(own.id, Proof(factor=Factor(code_at(clock))), Visit())
    assert until == clock.now + LIFETIMES.proof


async def test_the_code_of_a_step_up_is_good_for_no_other(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    own, other = await a_session(identity, user), await a_session(identity, user)
    proofs = the_credentials(identity, now=clock).proofs
    proof = Proof(factor=Factor(code_at(clock)))
    await proofs.renew(own.id, proof, Visit())

    with pytest.raises(BadCredentials):
        await proofs.renew(other.id, proof, Visit())


@pytest.mark.parametrize("password", [None, "", "wrong", "x" * 2000])
async def test_what_is_not_the_password_proves_nothing(
    identity: Database, password: str | None
) -> None:
    user = await a_person(identity)
    own = await a_session(identity, user, proven_until=None)

    with pytest.raises(BadCredentials):
        await the_credentials(identity).proofs.renew(own.id, Proof(password), Visit())

    principal = await loaded(identity, own.id)
    assert principal is not None
    assert principal.proven_until is None


async def refused(attempt: Awaitable[object]) -> type[AuthenticationError]:
    with pytest.raises(AuthenticationError) as refusal:
        await attempt
    return refusal.type


async def test_a_session_that_is_over_is_not_proven(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    suspended = await a_person(identity, state=UserState.SUSPENDED)
    account = an_account()
    machine = a_client(account)
    await kept(identity, account, machine)
    sessions = [
        await a_session(identity, user, ended_at=clock.now),
        await a_session(identity, user, expires_at=clock.now),
        await a_session(identity, user, idle_until=clock.now),
        await a_session(identity, suspended),
        await a_session(identity, machine),
    ]
    proofs = the_credentials(identity, now=clock).proofs

    refusals = [await refused(proofs.renew(each.id, Proof(PASSWORD), Visit())) for each in sessions]
    unknown = await refused(proofs.renew(new_id(), Proof(PASSWORD), Visit()))

    assert {*refusals, unknown} == {SessionOver}


class Meanwhile(Passwords):
    """While it checks a password, the second factor is turned on."""

    def __init__(self, identity: Database, user: User) -> None:
        super().__init__(HASHER, workers=1)
        self._identity, self._user = identity, user

    async def matches(self, hashed: str | None, password: str) -> bool:
        """As it was before."""
        async with self._identity.system() as session:
            (await session.get_one(User, self._user.id)).mfa_enabled = True
        return await super().matches(hashed, password)


async def test_a_password_counts_no_more_once_a_second_factor_is_on(identity: Database) -> None:
    user = await a_person(identity)
    own = await a_session(identity, user, proven_until=None)
    proofs = replace(the_credentials(identity).proofs, passwords=Meanwhile(identity, user))

    assert await refused(proofs.renew(own.id, Proof(PASSWORD), Visit())) is BadCredentials
