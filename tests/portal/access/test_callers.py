"""What somebody may do now, for `portal access --as`."""

import io
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from rich.console import Console
from sqlalchemy import func, select

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from portal.access.callers import audience_of
from portal.console import PortalConsole, Steps
from portal.errors import PortalError
from portal.settings import Settings
from services.identity.models import Role, Session
from tests.support.databases import Databases
from tests.support.identity import (
    a_client,
    a_member,
    a_user,
    an_account,
    an_identity,
    kept,
)


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    return databases.of("identity")


@pytest_asyncio.fixture(scope="module")
async def identity(url: str) -> AsyncIterator[Database]:
    async with an_identity(url) as database:
        yield database


@pytest.fixture
def steps() -> Iterator[Steps]:
    with PortalConsole(Console(file=io.StringIO())).steps() as steps:
        yield steps


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(identity_database_url=url)


async def test_a_person_has_the_scopes_of_their_memberships(
    identity: Database, settings: Settings, steps: Steps
) -> None:
    account, user = an_account(), a_user(email="Ada@Example.com")
    await kept(identity, account, user, a_member(account, user, Role.SUPPORT_ONLY))

    audience = await audience_of(settings, steps, "ada@example.com")

    assert audience.authenticated
    assert audience.scopes == {"case:create", "case:read:own"}


async def test_a_dashboard_is_named_by_its_id(
    identity: Database, settings: Settings, steps: Steps
) -> None:
    client = a_client(None, Capability.AGGREGATE_READ)
    await kept(identity, client)

    audience = await audience_of(settings, steps, to_global("cli", client.id))

    assert audience.scopes == {"aggregate:read"}


@pytest.mark.parametrize("who", ["nobody@example.com", to_global("cli", new_id()), ""])
async def test_nobody_is_refused(settings: Settings, steps: Steps, who: str) -> None:
    with pytest.raises(PortalError, match="Nobody can sign in"):
        await audience_of(settings, steps, who)


async def test_asking_leaves_no_session_behind(
    identity: Database, settings: Settings, steps: Steps
) -> None:
    user = a_user(email="quiet@example.com")
    await kept(identity, user)

    await audience_of(settings, steps, "quiet@example.com")

    async with identity.system() as session:
        assert await session.scalar(select(func.count()).select_from(Session)) == 0
