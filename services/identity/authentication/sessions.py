"""Sessions: begun by signing in, prolonged by refresh tokens, ended for good.

A refresh token is good for one use. One that is used again was stolen, or its successor was: the
session ends for both who hold it (RFC 9700, section 4.14.2).
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.outbox import record
from services.identity.authentication.addresses import network_of
from services.identity.events import (
    PrincipalChanged,
    SecurityNotice,
    SecurityNoticed,
    SessionEnded,
)
from services.identity.models import RefreshToken, Session

_LONGEST_USER_AGENT = 512


@dataclass(frozen=True, slots=True)
class Visit:
    """With which program, and from which address, somebody comes."""

    user_agent: str | None = None
    address: str | None = None


#: Nobody has told how.
SOMEHOW: Final = Visit()


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lives without being used, and at the most; how long a proof of who it
    is holds."""

    idle: timedelta
    most: timedelta
    proof: timedelta


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A session and the token for its next prolongation."""

    session: Session
    refresh_token: str = field(repr=False)


async def begin(
    session: AsyncSession,
    user_id: UUID,
    visit: Visit,
    *,
    proven: bool,
    lifetimes: Lifetimes,
    now: datetime,
) -> Prolonged:
    """A new session of a person, who is told when they never came that way. `proven` unless a
    second factor that they have was not asked for."""
    user_agent = visit.user_agent[:_LONGEST_USER_AGENT] if visit.user_agent else None
    if await _comes_another_way(session, user_id, user_agent, visit.address):
        tell(session, user_id, SecurityNotice.NEW_SIGN_IN, visit, now)
    started = Session(
        user_id=user_id,
        user_agent=user_agent,
        address=visit.address,
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetimes.most,
        proven_until=now + lifetimes.proof if proven else None,
    )
    session.add(started)
    await session.flush()
    return _with_token(session, started, lifetimes, now)


async def prolong(
    session: AsyncSession, token: str, visit: Visit, *, lifetimes: Lifetimes, now: datetime
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
        _end_reused(session, of, visit, now)
        return None
    if current.expires_at <= now or not of.lives_at(now):
        return None
    current.used_at = now
    of.last_seen_at = now
    of.address = visit.address or of.address
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


async def end_all_of(
    session: AsyncSession,
    user_ids: Iterable[UUID],
    now: datetime,
    *,
    but: UUID | None = None,
) -> int:
    """Every session of these people is over, `but` one perhaps. How many there were."""
    living = await session.scalars(
        select(Session)
        .where(Session.user_id.in_(user_ids), Session.ended_at.is_(None), Session.expires_at > now)
        .order_by(Session.id)  # always locked in this order: no deadlock
        .with_for_update()
    )
    ended = [each for each in living if each.id != but]
    for each in ended:
        end(session, each, now)
    return len(ended)


async def prove(
    session: AsyncSession, proven: Session, *, lifetimes: Lifetimes, now: datetime
) -> datetime:
    """The session's person has just proved that it is them. Until when that holds."""
    until = proven.proven_until = now + lifetimes.proof
    if proven.user_id is not None:
        record(session, PrincipalChanged(principal_id=proven.user_id))
    return until


async def touch(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """It is in use: noted at most once a minute."""
    await session.execute(
        update(Session)
        .where(Session.id == session_id, Session.last_seen_at <= now - timedelta(minutes=1))
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def tell(
    session: AsyncSession, user_id: UUID, notice: SecurityNotice, visit: Visit, now: datetime
) -> None:
    """The person gets a mail about it."""
    record(
        session,
        SecurityNoticed(
            user_id=user_id,
            notice=notice,
            at=now,
            user_agent=visit.user_agent,
            address=visit.address,
        ),
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
    of.idle_until = min(now + lifetimes.idle, of.expires_at)
    session.add(
        RefreshToken(
            token_hash=hash_of(token),
            session_id=of.id,
            created_at=now,
            expires_at=of.idle_until,
        )
    )
    return Prolonged(of, token)


async def _comes_another_way(
    session: AsyncSession, user_id: UUID, user_agent: str | None, address: str | None
) -> bool:
    """Whether none of the earlier sessions had this program, or this address. There are some:
    who comes for the first time is no surprise."""
    earlier = await session.execute(
        select(Session.user_agent, Session.address).where(Session.user_id == user_id).distinct()
    )
    ways = [(program, place) for program, place in earlier]
    programs = {program for program, _ in ways}
    places = {network_of(place) for _, place in ways if place is not None}
    new_place = address is not None and network_of(address) not in places
    return bool(ways) and (user_agent not in programs or new_place)


def _end_reused(session: AsyncSession, of: Session, visit: Visit, now: datetime) -> None:
    if of.ended_at is None and of.user_id is not None:
        tell(session, of.user_id, SecurityNotice.TOKEN_REUSED, visit, now)
    end(session, of, now)
