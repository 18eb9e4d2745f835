"""People as this service knows them: what identity announces, kept here.

Rights travel with the announcement: what is done for a person who is not signed in, such as a
mail that is sent to them or that they answer, needs no other service to be up.
"""

import os
import socket
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.consumer import Consumer
from kit.database import Database
from kit.emails import email_key
from kit.streams import Received
from services.cases.models import CaseQueue, Person, PersonMembership, is_staff

_GROUP: Final = "cases-people"
_SOURCE: Final = "identity"
_TOPIC: Final = "identity.person-changed"


async def member_of(session: AsyncSession, account_id: UUID, user_id: UUID) -> bool:
    """Whether the person is an active member of the account. Rows of people are the system's: on
    a caller's session too, this asks for the fact and for nothing else."""
    members = PersonMembership.__table__
    found = await session.scalar(
        select(func.count())
        .select_from(members)
        .where(members.c.account_id == account_id, members.c.user_id == user_id)
    )
    return bool(found)


async def serves(session: AsyncSession, user_id: UUID, queue: CaseQueue) -> bool:
    """Whether the person is on the staff of this queue; asked as `member_of` asks."""
    people = Person.__table__
    rows = await session.execute(select(people).where(people.c.id == user_id))
    row = rows.mappings().one_or_none()
    rights = Person(**row).rights_at(utc_now()) if row is not None else None
    return rights is not None and is_staff(rights) and queue in rights.queues


async def remember(session: AsyncSession, event: Received) -> None:
    """Know the person as the event tells, unless something later is known already."""
    told = event.payload
    user_id = UUID(told["user_id"])
    row = insert(Person).values(
        id=user_id,
        revision=told["revision"],
        name=told["name"],
        email=told["email"],
        email_key=email_key(told["email"]),
        locale=told["locale"],
        principal=told["principal"],
    )
    names = ("revision", "name", "email", "email_key", "locale", "principal")
    newer = row.on_conflict_do_update(
        index_elements=[Person.id],
        set_={name: row.excluded[name] for name in names},
        where=Person.revision < row.excluded.revision,
    ).returning(Person.id)
    if await session.scalar(newer) is None:
        return
    await session.execute(delete(PersonMembership).where(PersonMembership.user_id == user_id))
    if told["account_ids"]:
        rows = [{"account_id": UUID(id), "user_id": user_id} for id in told["account_ids"]]
        await session.execute(insert(PersonMembership).values(rows))


@dataclass(frozen=True, slots=True)
class PeopleFollower:
    """Listens to identity. Any number may run."""

    database: Database
    redis_url: str = field(repr=False)

    async def run(self) -> None:
        """For as long as the process lives, whatever goes down meanwhile."""
        async with Redis.from_url(self.redis_url) as redis:
            await self.consumer(redis).run()

    def consumer(self, redis: Redis) -> Consumer:
        """One member of the group that remembers people."""
        return Consumer(
            group=_GROUP,
            name=f"{socket.gethostname()}-{os.getpid()}",
            service=_SOURCE,
            handlers={_TOPIC: remember},
            redis=redis,
            database=self.database,
        )
