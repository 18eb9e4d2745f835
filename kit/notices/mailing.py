"""From a service's events to its mails: a consumer group queues them, a postman sends them.

Who has mails to send gives `Mailing` a composer per topic and the wordings that its letters name.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from redis.asyncio import Redis
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.consumer import Consumer, Handler
from kit.database import Database
from kit.emails import email_key
from kit.ids import new_id
from kit.notices.letters import Letter, Wording
from kit.notices.postman import Postman
from kit.streams import Received

GROUP: Final = "notices"

#: The letters that an event leads to, read in the transaction that remembers the event.
Composer = Callable[[AsyncSession, Received], Awaitable[Sequence[Letter]]]


@dataclass(frozen=True, slots=True)
class Mailing:
    """One member of the group, and a postman beside it. `service` is whose events they are."""

    service: str
    database: Database
    redis_url: str = field(repr=False)
    composers: Mapping[str, Sequence[Composer]]
    postman: Postman

    async def run(self) -> None:
        """For as long as the process lives, whatever goes down meanwhile."""
        async with Redis.from_url(self.redis_url) as redis, asyncio.TaskGroup() as group:
            group.create_task(self.consumer(redis).run())
            group.create_task(self.postman.run())

    def consumer(self, redis: Redis) -> Consumer:
        """The member of the group that queues the mails."""
        return Consumer(
            group=GROUP,
            name=f"{socket.gethostname()}-{os.getpid()}",
            service=self.service,
            handlers={topic: self._queueing(each) for topic, each in self.composers.items()},
            redis=redis,
            database=self.database,
        )

    def _queueing(self, composers: Sequence[Composer]) -> Handler:
        async def queue(session: AsyncSession, event: Received) -> None:
            letters = [letter for compose in composers for letter in await compose(session, event)]
            if letters:
                rows = [_row(event, letter) for letter in letters]
                queued = insert(self.postman.notices).values(rows)
                await session.execute(queued.on_conflict_do_nothing())

        return queue


def gathered(*sources: Mapping[str, Composer]) -> dict[str, list[Composer]]:
    """Composers by topic: several may write about one event."""
    found: dict[str, list[Composer]] = {}
    for source in sources:
        for topic, composer in source.items():
            found.setdefault(topic, []).append(composer)
    return found


def worded(*sources: Mapping[str, Wording]) -> dict[str, Wording]:
    """Wordings by name. Raises `ValueError` where two have the same."""
    found: dict[str, Wording] = {}
    for source in sources:
        if twice := found.keys() & source.keys():
            raise ValueError(f"Two wordings are called {min(twice)}.")
        found.update(source)
    return found


def _row(event: Received, letter: Letter) -> dict[str, object]:
    now = utc_now()
    return {
        "id": new_id(),
        "event_id": event.id,
        "email": letter.to.email,
        "email_key": email_key(letter.to.email),
        "locale": letter.to.locale,
        "wording": letter.wording,
        "params": dict(letter.params),
        "page": letter.link.page,
        "token_purpose": letter.link.token_purpose,
        "token_id": letter.link.token_id,
        "thread_id": letter.thread.id if letter.thread is not None else None,
        "reader_id": letter.thread.reader_id if letter.thread is not None else None,
        "created_at": now,
        "due_at": now,
        "tries": 0,
    }
