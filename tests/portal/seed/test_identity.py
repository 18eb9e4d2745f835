"""The demonstration's people can sign in, by the rules that hold for everybody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pyotp
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from portal import demo
from portal.seed import identity as seed
from portal.seed.copying import Copier
from portal.seed.scale import Scale
from portal.seed.world import make_world
from services.identity.authentication.errors import SecondFactorNeeded
from services.identity.authentication.password_rules import check_password
from services.identity.authentication.second_factors import Factor
from services.identity.authentication.sign_in import Attempt, SignIn
from tests.support.credentials import SEALER_KEY
from tests.support.databases import Databases
from tests.support.identity import an_identity
from tests.support.signing_in import the_sign_in


def report(what: str, done: int, total: int) -> None:
    """Nobody watches."""


@pytest_asyncio.fixture(scope="module")
async def people(databases: Databases) -> AsyncIterator[SignIn]:
    """Signing in to the demonstration's data."""
    url = databases.of("identity")
    copier = await Copier.open(url, "identity", report, {"IDENTITY_CURSOR_KEY": SEALER_KEY.hex()})
    await seed.load(copier, make_world(Scale().accounts, datetime.now(UTC)), Scale())
    await copier.connection.close()
    async with an_identity(url) as database:
        yield the_sign_in(database, hasher=PasswordHasher())


@pytest.mark.parametrize("user", demo.USERS, ids=lambda user: user.email)
async def test_whom_the_banner_names_signs_in(people: SignIn, user: demo.DemoUser) -> None:
    tokens = await people.sign_in(Attempt(user.email, demo.PASSWORD))

    assert tokens.access_token


async def test_who_has_a_second_factor_is_asked_for_it(people: SignIn) -> None:
    code = pyotp.TOTP(demo.SECOND_FACTOR).now()

    with pytest.raises(SecondFactorNeeded):
        await people.sign_in(Attempt(demo.CAREFUL.email, demo.PASSWORD))

    tokens = await people.sign_in(Attempt(demo.CAREFUL.email, demo.PASSWORD, Factor(code)))
    assert tokens.access_token


@pytest.mark.parametrize("user", [*demo.USERS, demo.CAREFUL], ids=lambda user: user.email)
def test_the_password_follows_the_rules(user: demo.DemoUser) -> None:
    check_password(demo.PASSWORD, email=user.email, name="")
