"""What somebody may do now: from identity's database, of a portal that runs or one that rests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.authorization.rules import Audience
from kit.database import Database
from kit.emails import email_key
from kit.ids import from_global
from kit.principal import Principal
from portal.console import Steps
from portal.errors import PortalError
from portal.folder_lock import lock_holder
from portal.home import Home, home_at
from portal.ports import HOST
from portal.preparation import prepared
from portal.settings import Settings
from services.identity.models import ApiClient, Session, User
from services.identity.principals import principal_of

_IDENTITY: Final = "identity"


async def audience_of(settings: Settings, steps: Steps, who: str) -> Audience:
    """The audience of a person, by e-mail address, or of a machine client, by its id.

    Raises `PortalError` when nobody can sign in so.
    """
    with _identity_url(settings, steps) as url:
        principal = await _principal(url, who)
    if principal is None:
        raise PortalError(f"Nobody can sign in as {who}.")
    return Audience(authenticated=True, scopes=principal.scopes)


@contextmanager
def _identity_url(settings: Settings, steps: Steps) -> Iterator[str]:
    home = home_at(settings.home)
    if (chosen := settings.database_urls.get(_IDENTITY)) is not None:
        yield chosen
    elif lock_holder(home.lock) is not None:
        password = home.secrets.secret(f"postgres.{_IDENTITY}")
        yield f"postgresql://{_IDENTITY}:{password}@{HOST}:{_port(home)}/{_IDENTITY}"
    else:
        with prepared(settings.on_free_ports(), steps) as topology:
            yield topology.servers.database_urls[_IDENTITY]


def _port(home: Home) -> int:
    """Where the running PostgreSQL listens: the fourth line of its pid file."""
    file = home.postgres / "data" / "postmaster.pid"
    try:
        return int(file.read_text().splitlines()[3])
    except (OSError, IndexError, ValueError) as error:
        raise PortalError("The portal is just starting or ending. Try again.") from error


async def _principal(url: str, who: str) -> Principal | None:
    """What the gateway would load for a session that begins now and is never kept."""
    database = Database(url)
    now = datetime.now(UTC)
    try:
        async with database.system() as session:
            started = await _session_of(session, who, now + timedelta(minutes=1))
            if started is None:
                return None
            session.add(started)
            await session.flush()
            principal = await principal_of(session, started.id, now)
            await session.rollback()
            return principal
    finally:
        await database.close()


async def _session_of(session: AsyncSession, who: str, end: datetime) -> Session | None:
    if (id := from_global("cli", who)) is not None:
        client = await session.get(ApiClient, id)
        return Session(api_client_id=id, expires_at=end) if client is not None else None
    user = await session.scalar(select(User.id).where(User.email_key == email_key(who)))
    return Session(user_id=user, expires_at=end) if user is not None else None
