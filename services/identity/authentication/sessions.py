"""Sessions: begun by signing in, prolonged by refresh tokens, ended for good.

A refresh token is good for one use. One that is used again was stolen, or its successor was: the
session ends for both who hold it (RFC 9700, section 4.14.2).
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.outbox import record
from services.identity.events import SessionEnded
from services.identity.models import RefreshToken, Session

_LONGEST_USER_AGENT = 512


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lives without being used, and at the most."""

    idle: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A session and the token for its next prolongation."""

    session: Session
    refresh_token: str


async def begin(
    session: AsyncSession,
    user_id: UUID,
    *,
    user_agent: str | None,
    lifetimes: Lifetimes,
    now: datetime,
) -> Prolonged:
    """A new session of a person."""
    started = Session(
        user_id=user_id,
        user_agent=user_agent[:_LONGEST_USER_AGENT] if user_agent else None,
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetimes.most,
    )
    session.add(started)
    await session.flush()
    return _with_token(session, started, lifetimes, now)


async def prolong(
    session: AsyncSession, token: str, *, lifetimes: Lifetimes, now: datetime
) -> Prolonged | None:
    """Use a refresh token; None when it is good for nothing. One used before ends its session,
    so commit in either case."""
    statement = (
        select(RefreshToken, Session)
        .join(Session, Session.id == RefreshToken.session_id)
        .where(RefreshToken.token_hash == hash_of(token))
        .with_for_update()
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    current, of = found
    if current.used_at is not None:
        end(session, of, now)
        return None
    if current.expires_at <= now or not of.lives_at(now):
        return None
    current.used_at = now
    of.last_seen_at = now
    return _with_token(session, of, lifetimes, now)


async def session_of(session: AsyncSession, token: str) -> UUID | None:
    """The session that a refresh token belongs to, whether or not it is still good."""
    return await session.scalar(
        select(RefreshToken.session_id).where(RefreshToken.token_hash == hash_of(token))
    )


def end(session: AsyncSession, ended: Session, now: datetime) -> None:
    """The session is over. Ending twice is announced once."""
    if ended.ended_at is None:
        ended.ended_at = now
        record(session, SessionEnded(session_id=ended.id))


async def end_by_id(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """As `end`; a session that does not exist is over already."""
    found = await session.get(Session, session_id, with_for_update=True)
    if found is not None:
        end(session, found, now)


async def end_all_of(session: AsyncSession, user_ids: Iterable[UUID], now: datetime) -> None:
    """Every session of these people is over."""
    living = await session.scalars(
        select(Session)
        .where(Session.user_id.in_(user_ids), Session.ended_at.is_(None), Session.expires_at > now)
        .with_for_update()
    )
    for each in living:
        end(session, each, now)


async def touch(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """It is in use: noted at most once a minute."""
    await session.execute(
        update(Session)
        .where(Session.id == session_id, Session.last_seen_at <= now - timedelta(minutes=1))
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def hash_of(secret: str) -> bytes:
    """How a random secret is kept: it has 256 bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def new_secret() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def _with_token(
    session: AsyncSession, of: Session, lifetimes: Lifetimes, now: datetime
) -> Prolonged:
    token = new_secret()
    session.add(
        RefreshToken(
            token_hash=hash_of(token),
            session_id=of.id,
            created_at=now,
            expires_at=min(now + lifetimes.idle, of.expires_at),
        )
    )
    return Prolonged(of, token)
