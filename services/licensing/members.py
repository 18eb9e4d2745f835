"""What licensing does when people join and leave accounts: identity says so.

Groups of keys are licensing's own. Which of them a new member shall manage travels with
identity's event; groups of another account, or of none, are passed over.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.consumer import Consumer, Handler
from kit.database import Database
from kit.emails import email_key
from kit.streams import Received
from services.licensing.models import Assignment, KeyGroup, KeyGroupManager, ProductKey

_IDENTITY: Final = "identity"
GROUP: Final = "licensing"


@dataclass(frozen=True, slots=True)
class Members:
    """One member of licensing's group of consumers."""

    database: Database
    redis_url: str = field(repr=False)

    async def run(self) -> None:
        """For as long as the process lives."""
        async with Redis.from_url(self.redis_url) as redis:
            await self.consumer(redis).run()

    def consumer(self, redis: Redis) -> Consumer:
        """The consumer itself."""
        return Consumer(
            group=GROUP,
            name=f"{socket.gethostname()}-{os.getpid()}",
            service=_IDENTITY,
            handlers=HANDLERS,
            redis=redis,
            database=self.database,
        )


async def member_joined(session: AsyncSession, event: Received) -> None:
    """The member manages the groups that they were invited to manage, and has the keys that were
    assigned to their address."""
    joined = event.payload
    account_id, user_id = UUID(joined["account_id"]), UUID(joined["user_id"])
    await _manage(session, event, account_id, user_id)
    await _claim_keys(session, account_id, user_id, email_key(joined["email"]))


async def member_removed(session: AsyncSession, event: Received) -> None:
    """They manage nothing in the account any more. Keys stay assigned: to them, without access."""
    removed = event.payload
    await session.execute(
        delete(KeyGroupManager).where(
            KeyGroupManager.account_id == UUID(removed["account_id"]),
            KeyGroupManager.user_id == UUID(removed["user_id"]),
        )
    )


HANDLERS: Final[Mapping[str, Handler]] = {
    "identity.member-joined": member_joined,
    "identity.member-removed": member_removed,
}


async def _manage(session: AsyncSession, event: Received, account_id: UUID, user_id: UUID) -> None:
    wanted = [UUID(id) for id in event.payload["key_group_ids"]]
    groups = await session.scalars(
        select(KeyGroup.id).where(KeyGroup.account_id == account_id, KeyGroup.id.in_(wanted))
    )
    rows = [
        {
            "group_id": group_id,
            "membership_id": UUID(event.payload["membership_id"]),
            "account_id": account_id,
            "user_id": user_id,
            "created_at": utc_now(),
        }
        for group_id in groups
    ]
    if rows:
        await session.execute(insert(KeyGroupManager).values(rows).on_conflict_do_nothing())


async def _claim_keys(session: AsyncSession, account_id: UUID, user_id: UUID, key: str) -> None:
    theirs = (Assignment.account_id == account_id) & (Assignment.email_key == key)
    # Keys first, as whoever assigns one does: two at once wait instead of blocking each other.
    held = select(Assignment.key_id).where(theirs, Assignment.ended_at.is_(None))
    keys = await session.scalars(
        select(ProductKey)
        .where(ProductKey.id.in_(held), ProductKey.assignee_id.is_(None))
        .order_by(ProductKey.id)
        .with_for_update()
    )
    for each in keys.all():
        if each.assigned_email is not None and email_key(each.assigned_email) == key:
            each.assignee_id = user_id
    await session.execute(
        update(Assignment)
        .where(theirs, Assignment.user_id.is_(None))
        .values(user_id=user_id)
        .execution_options(synchronize_session=False)
    )
