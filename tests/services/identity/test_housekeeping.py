"""What time has made useless goes, and nothing else."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from kit.database import Database
from services.identity.authentication import sessions
from services.identity.authentication.sessions import Lifetimes, Visit
from services.identity.housekeeping import Housekeeping
from services.identity.models import PasswordReset, RefreshToken, Session
from tests.support.identity import a_user, kept

NOW = datetime.now(UTC)
LIFETIMES = Lifetimes(idle=timedelta(days=1), most=timedelta(days=30), proof=timedelta(minutes=15))


async def test_sessions_go_with_their_tokens_a_day_after_they_expired(identity: Database) -> None:
    user = a_user()
    await kept(identity, user)
    begun = {}
    async with identity.system() as session:
        for days in (29, 30, 31, 32):
            started = NOW - timedelta(days=days)
            prolonged = await sessions.begin(
                session, user.id, Visit(), proven=True, lifetimes=LIFETIMES, now=started
            )
            begun[days] = prolonged.session.id

    async with identity.system() as session:
        await Housekeeping(identity).tidy(session, NOW)

    async with identity.system() as session:
        left = set(await session.scalars(select(Session.id)))
        tokens = set(await session.scalars(select(RefreshToken.session_id)))
    assert left == tokens == {begun[29], begun[30]}


async def test_links_to_reset_a_password_go_a_day_after_they_ran_out(identity: Database) -> None:
    user = a_user()
    fresh, lapsed = (
        PasswordReset(token_hash=name, user_id=user.id, expires_at=NOW - age)
        for name, age in ((b"fresh", timedelta(hours=23)), (b"lapsed", timedelta(days=1)))
    )
    await kept(identity, user, fresh, lapsed)

    async with identity.system() as session:
        await Housekeeping(identity).tidy(session, NOW)

    async with identity.system() as session:
        left = (await session.scalars(select(PasswordReset.token_hash))).all()
    assert left == [b"fresh"]
