"""Other services are told of people: whenever something changes, and once of everybody.

The facts that mutations record say whose rights, name or language changed. From each a picture of
the whole person is made here, under a lock, with a number that grows: whoever hears two of them
in any order knows which is the later. A person whom nobody was told of, or whose rights are due
to change by themselves, is found by `announce_at`.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.cancellation import heed_cancellation
from kit.columns import utc_now
from kit.consumer import Consumer
from kit.database import Database
from kit.outbox import record
from kit.streams import Received
from services.identity.events import PersonChanged, PrincipalChanged
from services.identity.models import Membership, MembershipState, User, UserState
from services.identity.principals import principal_without_session
from services.identity.rights.accounts import WITHOUT_KEY

logger = logging.getLogger(__name__)

_GROUP: Final = "announcing"
#: Seconds between two looks; and between two batches, so that those who listen can follow.
_POLL: Final = 2.0
_BREATH: Final = 0.2
_AT_ONCE: Final = 50


async def announce_person(session: AsyncSession, user_id: UUID, now: datetime) -> None:
    """Tell others of the person as they are now. Nothing happens for ids that are nobody's."""
    user = await session.get(User, user_id, with_for_update=WITHOUT_KEY, populate_existing=True)
    if user is not None:
        await _announce(session, user, now)


async def announce_everybody(session: AsyncSession) -> None:
    """Everybody will be announced anew, to services that have lost what they knew."""
    await session.execute(update(User).values(announce_at=utc_now()))


@dataclass(frozen=True, slots=True)
class Announcer:
    """Any number may run: each person is with one of them."""

    service: str
    database: Database
    redis_url: str = field(repr=False)
    now: Callable[[], datetime] = utc_now

    async def run(self) -> None:
        """For as long as the process lives, whatever goes down meanwhile."""
        async with Redis.from_url(self.redis_url) as redis, asyncio.TaskGroup() as group:
            group.create_task(self.consumer(redis).run())
            group.create_task(self._announce_due())

    def consumer(self, redis: Redis) -> Consumer:
        """The member of the group that hears of changes."""
        return Consumer(
            group=_GROUP,
            name=f"{socket.gethostname()}-{os.getpid()}",
            service=self.service,
            handlers={PrincipalChanged.topic: self._on_change},
            redis=redis,
            database=self.database,
        )

    async def step(self) -> int:
        """Announce some of those who are due; how many they were."""
        now = self.now()
        async with self.database.system() as session:
            due = await session.scalars(
                select(User)
                .where(User.announce_at <= now)
                .order_by(User.announce_at)
                .limit(_AT_ONCE)
                .with_for_update(skip_locked=True, key_share=True)
            )
            users = due.all()
            for user in users:
                await _announce(session, user, now)
        return len(users)

    async def _announce_due(self) -> None:
        while True:
            try:
                found = await self.step()
                await asyncio.sleep(_BREATH if found else _POLL)
                heed_cancellation()
            except (OSError, SQLAlchemyError) as error:
                logger.warning("announcer interrupted", extra={"reason": repr(error)})
                await asyncio.sleep(_POLL)

    async def _on_change(self, session: AsyncSession, event: Received) -> None:
        await announce_person(session, UUID(event.payload["principal_id"]), self.now())


async def _announce(session: AsyncSession, user: User, now: datetime) -> None:
    rights = await principal_without_session(session, user.id, now)
    accounts = await session.scalars(
        select(Membership.account_id)
        .where(Membership.user_id == user.id, Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.account_id)
    )
    active = user.state is UserState.ACTIVE
    user.announcements += 1
    user.announce_at = rights.valid_until if rights is not None else None
    changed = PersonChanged(
        user_id=user.id,
        revision=user.announcements,
        name=user.name,
        email=user.email,
        locale=user.locale,
        account_ids=tuple(map(str, accounts)) if active else (),
        principal=rights.encode() if rights is not None else None,
    )
    record(session, changed)
