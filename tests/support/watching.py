"""Streams of cases over a real database, and what is announced to them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.broadcast import Broadcast
from kit.columns import utc_now
from kit.database import Database
from kit.outbox import Event, OutboxRow, record
from kit.principal import Principal
from kit.streams import Received
from services.cases.commenting import NewComment, add_comment
from services.cases.models import Case
from services.cases.repository.query import CaseQuery
from services.cases.watching import Watching

#: Seconds in which whatever is waited for must happen.
SOON = 10.0


class Lookout(Database):
    """Counts what was read in somebody's name."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._moved = asyncio.Condition()
        self._looks = 0

    @asynccontextmanager
    async def session(self, principal: Principal) -> AsyncIterator[AsyncSession]:
        """As always, and counted when it has ended."""
        async with super().session(principal) as session:
            yield session
        async with self._moved:
            self._looks += 1
            self._moved.notify_all()

    @asynccontextmanager
    async def looked(self, times: int = 1) -> AsyncIterator[None]:
        """Ends when so many have read since the block began."""
        before = self._looks
        yield
        async with asyncio.timeout(SOON), self._moved:
            await self._moved.wait_for(lambda: self._looks >= before + times)


@dataclass(frozen=True)
class SomethingHappened(Event):
    """What that was, only the case can tell."""

    topic: ClassVar[str] = "cases.something-happened"

    case_id: UUID
    account_id: UUID


@dataclass
class Stream:
    """Somebody who watches and waits for what comes next."""

    changes: AsyncGenerator[Case | None, None]
    waiting: asyncio.Task[Case | None] | None = None

    async def next(self) -> Case | None:
        """What comes next. Raises `StopAsyncIteration` when there is no more."""
        self.wait()
        assert self.waiting is not None
        async with asyncio.timeout(SOON):
            told = await self.waiting
        self.waiting = None
        return told

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come since."""
        return self.waiting is not None and not self.waiting.done()

    def wait(self) -> None:
        """Begin to wait for what comes next."""
        self.waiting = self.waiting or asyncio.create_task(self._next())

    async def _next(self) -> Case | None:
        return await anext(self.changes)

    async def end(self) -> None:
        """Go away."""
        if self.waiting is not None:
            self.waiting.cancel()
            await asyncio.gather(self.waiting, return_exceptions=True)


@dataclass
class Office:
    """The service's memory, and whoever watches it."""

    database: Lookout
    broadcast: Broadcast = field(default_factory=lambda: Broadcast("cases", "redis://127.0.0.1:1"))

    @asynccontextmanager
    async def watching(self, principal: Principal, case: Case | UUID) -> AsyncIterator[Stream]:
        """Watches one case."""
        id = case if isinstance(case, UUID) else case.id
        async with _ended(Watching(self.database, self.broadcast, pace=0).case(principal, id)) as (
            stream
        ):
            yield stream

    @asynccontextmanager
    async def watching_list(
        self, principal: Principal, query: CaseQuery | None = None
    ) -> AsyncIterator[Stream]:
        """Watches a list, of all open cases if nothing is said, and has been told to read it."""
        watching = Watching(self.database, self.broadcast, pace=0)
        changes = watching.cases(principal, query or CaseQuery())
        async with _ended(changes) as stream:
            assert await stream.next() is None
            yield stream

    async def publish(self) -> None:
        """Tell what was announced and not told yet."""
        async with self.database.system() as session:
            rows = await session.scalars(
                select(OutboxRow).where(OutboxRow.published_at.is_(None)).order_by(OutboxRow.id)
            )
            for row in rows:
                row.published_at = utc_now()
                self.broadcast.tell(Received(row.id, row.topic, row.payload))

    async def comment(self, by: Principal, case: Case, body: str = "And now?") -> None:
        """Something is said, and told."""
        await self._say(by, case, body, internal=False)

    async def note(self, by: Principal, case: Case) -> None:
        """The staff notes something, and that is told."""
        await self._say(by, case, "Between us.", internal=True)

    async def change(self, case: Case, **values: Any) -> None:
        """The case has these values, which is told."""
        async with self.database.system() as session:
            row = await session.get_one(Case, case.id)
            for name, value in values.items():
                setattr(row, name, value)
            record(session, SomethingHappened(case_id=case.id, account_id=case.account_id))
        await self.publish()

    async def touch(self, case: Case, **values: Any) -> None:
        """Something that everyone may see is different, which is told."""
        now = utc_now()
        await self.change(case, updated_at=now, customer_updated_at=now, **values)

    async def _say(self, by: Principal, case: Case, body: str, *, internal: bool) -> None:
        async with self.database.system() as session:
            await add_comment(session, by, NewComment(case.id, body, internal, ()))
        await self.publish()


@asynccontextmanager
async def an_office(url: str) -> AsyncIterator[Office]:
    """On a database of cases, with nothing left to tell."""
    database = Lookout(url)
    try:
        office = Office(database)
        await office.publish()
        yield office
    finally:
        await database.close()


@asynccontextmanager
async def _ended(changes: AsyncGenerator[Case | None, None]) -> AsyncIterator[Stream]:
    async with aclosing(changes):
        stream = Stream(changes)
        try:
            yield stream
        finally:
            await stream.end()
