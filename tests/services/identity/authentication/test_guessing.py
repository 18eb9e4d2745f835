"""What an attacker can count: the work of an answer says nothing about whom it is about."""

from collections.abc import Awaitable
from contextlib import suppress

import pytest
from argon2 import PasswordHasher

from kit.database import Database
from kit.ids import new_id
from services.identity.authentication.errors import AuthenticationError
from services.identity.authentication.sessions import Visit
from services.identity.authentication.sign_in import Attempt
from services.identity.models import User, UserState
from tests.support.credentials import the_credentials
from tests.support.identity import a_user, kept, statements
from tests.support.signing_in import PASSWORD, a_person, the_sign_in


class CountingHasher(PasswordHasher):
    """Counts the hashes that it makes and compares with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.worked = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        """As usual."""
        self.worked += 1
        return bool(super().verify(hash, password))

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As usual."""
        self.worked += 1
        return super().hash(password, salt=salt)


#: Hashes, and statements in their order.
Work = tuple[int, tuple[str, ...]]


async def work(identity: Database, hasher: CountingHasher, attempt: Awaitable[object]) -> Work:
    """What an attempt costs, however it ends."""
    before = hasher.worked
    with statements(identity) as seen, suppress(AuthenticationError):
        await attempt
    return hasher.worked - before, tuple(seen)


async def everybody(identity: Database) -> dict[str, str]:
    """An address of each kind."""
    without = a_user()
    await kept(identity, without)
    people: dict[str, User] = {
        "known": await a_person(identity),
        "suspended": await a_person(identity, state=UserState.SUSPENDED),
        "guarded": await a_person(identity, mfa_enabled=True),
        "without a password": without,
    }
    return {
        "unknown": f"{new_id()}@example.com",
        **{kind: user.email for kind, user in people.items()},
    }


@pytest.mark.parametrize("password", ["wrong", "", "x" * 1024])
async def test_a_wrong_password_costs_the_same_whoever_it_is_for(
    identity: Database, password: str
) -> None:
    hasher = CountingHasher()
    people = the_sign_in(identity, hasher=hasher)

    costs = {
        kind: await work(identity, hasher, people.sign_in(Attempt(email, password)))
        for kind, email in (await everybody(identity)).items()
    }

    assert {hashes for hashes, _ in costs.values()} == {1}
    assert len({statements for _, statements in costs.values()}) == 1


async def test_the_right_password_of_somebody_suspended_costs_what_a_wrong_one_does(
    identity: Database,
) -> None:
    hasher = CountingHasher()
    people = the_sign_in(identity, hasher=hasher)
    addresses = await everybody(identity)

    costs = [
        await work(identity, hasher, people.sign_in(Attempt(email, PASSWORD)))
        for email in (addresses["suspended"], addresses["unknown"])
    ]

    assert costs[0] == costs[1]


async def test_forgetting_a_password_costs_the_same_whoever_forgot_it(identity: Database) -> None:
    hasher = CountingHasher()
    changes = the_credentials(identity, hasher=hasher).changes

    costs = [
        await work(identity, hasher, changes.forget(email, Visit()))
        for email in (await everybody(identity)).values()
    ]

    assert len(set(costs)) == 1
    assert costs[0][0] == 0


async def test_a_link_that_never_was_costs_no_hash(identity: Database) -> None:
    hasher = CountingHasher()
    changes = the_credentials(identity, hasher=hasher).changes

    hashes, _ = await work(
        identity, hasher, changes.reset("nonsense", "quite another one", Visit())
    )

    assert hashes == 0
