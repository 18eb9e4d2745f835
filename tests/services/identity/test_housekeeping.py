"""What time has made useless goes, and nothing else."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from kit.database import Database
from services.identity.authentication import sessions
from services.identity.authentication.sessions import Lifetimes
from services.identity.housekeeping import Housekeeping
from services.identity.models import RefreshToken, Session, SignInFailures
from tests.support.identity import a_user, kept

NOW = datetime.now(UTC)
LIFETIMES = Lifetimes(idle=timedelta(days=1), most=timedelta(days=30))


async def test_sessions_go_with_their_tokens_a_day_after_they_expired(identity: Database) -> None:
    user = a_user()
    await kept(identity, user)
    begun = {}
    async with identity.system() as session:
        for days in (29, 30, 31, 32):
            started = NOW - timedelta(days=days)
            prolonged = await sessions.begin(
                session, user.id, user_agent=None, lifetimes=LIFETIMES, now=started
            )
            begun[days] = prolonged.session.id

    async with identity.system() as session:
        await Housekeeping(identity, timedelta(minutes=15)).tidy(session, NOW)

    async with identity.system() as session:
        left = set(await session.scalars(select(Session.id)))
        tokens = set(await session.scalars(select(RefreshToken.session_id)))
    assert left == tokens == {begun[29], begun[30]}


async def test_failed_sign_ins_are_forgotten_after_their_window(identity: Database) -> None:
    window = timedelta(minutes=15)
    fresh, lapsed = (
        SignInFailures(email_hash=name, count=1, since=NOW - age)
        for name, age in ((b"fresh", window / 2), (b"lapsed", window))
    )
    await kept(identity, fresh, lapsed)

    async with identity.system() as session:
        await Housekeeping(identity, window).tidy(session, NOW)

    async with identity.system() as session:
        left = (await session.scalars(select(SignInFailures.email_hash))).all()
    assert left == [b"fresh"]
