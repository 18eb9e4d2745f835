"""Telling people what becomes of the cases that they watch.

An event only says where to look: what is told is read in the caller's name at that moment, so
rights that have ended tell nothing. It is told only if something that this reader may know of is
different: notes, triage and holds leave no trace with customers.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from kit.broadcast import Broadcast, Listener, Missed
from kit.columns import utc_now
from kit.database import Database
from kit.principal import Principal
from kit.streams import Received
from services.cases.models import Case
from services.cases.repository.changes import Change, ChangeRepository
from services.cases.repository.query import CaseQuery, CaseView, Reader
from services.cases.told import MOST, Told

#: Seconds between two looks for one stream: what happens meanwhile is told together.
_PACE: Final = 0.25
#: Streams that look at the same time: requests need connections too.
_LOOKS: Final = 4
#: Cases that are looked at together.
_TOGETHER: Final = 100
#: Longer than transactions last and clocks differ: who reads a list after its stream began reads
#: what changed before.
_SETTLED: Final = timedelta(minutes=1)

_EVERYTHING: Final = CaseQuery(CaseView.ALL)


@dataclass(frozen=True, slots=True)
class Touched:
    """What an event is about: a case, and perhaps a file of it that was looked into."""

    case_id: UUID
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """Streams of cases, fed by what the service announces. `pace` is in seconds."""

    database: Database
    broadcast: Broadcast
    pace: float = _PACE
    _turns: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, _LOOKS))

    async def case(self, principal: Principal, id: UUID) -> AsyncGenerator[Case | None, None]:
        """The case as it is, and again whenever it changes; None, and no more, once the caller
        does not see it."""
        with self.broadcast.listening(partial(_of_case, id)) as listener:
            news: Sequence[Touched] | Missed = Missed()
            last: Change | None = None
            while _is_valid(principal):
                touched = [Touched(id)] if isinstance(news, Missed) else news
                change = (await self._look(principal, _EVERYTHING, touched)).get(id)
                if change is None:
                    yield None
                    return
                if last is None or isinstance(news, Missed) or change.is_after(last):
                    yield change.case
                last = change
                news = await self._next(listener)

    async def cases(
        self, principal: Principal, query: CaseQuery
    ) -> AsyncGenerator[Case | None, None]:
        """Each case of the query when it changes, and once when it has left it.

        None says to read the list anew: first of all, when something was missed, and when a case
        that was told of is out of sight.
        """
        subject = partial(_of_accounts, _accounts(principal, query))
        with self.broadcast.listening(subject) as listener:
            news: Sequence[Touched] | Missed = Missed()
            while _is_valid(principal):
                if isinstance(news, Missed):
                    told = await self._beginning(principal, query)
                    yield None
                else:
                    changes = await self._look(principal, query, news)
                    for case in _news(changes, news, told):
                        yield case
                news = await self._next(listener)

    async def _next(self, listener: Listener[Touched]) -> Sequence[Touched] | Missed:
        await asyncio.sleep(self.pace)
        return await listener.next(_TOGETHER)

    async def _look(
        self, principal: Principal, query: CaseQuery, touched: Sequence[Touched]
    ) -> Mapping[UUID, Change]:
        ids = {each.case_id for each in touched}
        files = {each.file_id for each in touched if each.file_id is not None}
        async with self._reading(principal) as changes:
            return await changes.of(ids, query, files)

    async def _beginning(self, principal: Principal, query: CaseQuery) -> Told:
        """What the client learns by reading the list."""
        settled = utc_now() - _SETTLED
        async with self._reading(principal) as changes:
            return Told(settled, await changes.since(settled, query, MOST))

    @asynccontextmanager
    async def _reading(self, principal: Principal) -> AsyncIterator[ChangeRepository]:
        async with self._turns, self.database.session(principal) as session:
            yield ChangeRepository(session, Reader.of(principal))


def _news(
    changes: Mapping[UUID, Change], touched: Sequence[Touched], told: Told
) -> list[Case | None]:
    news: list[Case | None] = []
    for id in dict.fromkeys(each.case_id for each in touched):
        change = changes.get(id)
        if change is None:
            news += [None] if told.forget(id) else []
        elif told.is_news(change):
            news.append(change.case)
    return news


def _touched(received: Received) -> Touched | None:
    case_id, file_id = received.payload.get("case_id"), received.payload.get("file_id")
    return Touched(UUID(case_id), UUID(file_id) if file_id else None) if case_id else None


def _of_case(id: UUID, received: Received) -> Touched | None:
    touched = _touched(received)
    return touched if touched is not None and touched.case_id == id else None


def _of_accounts(accounts: frozenset[str] | None, received: Received) -> Touched | None:
    account = received.payload.get("account_id")
    if accounts is not None and account is not None and account not in accounts:
        return None
    return _touched(received)


def _accounts(principal: Principal, query: CaseQuery) -> frozenset[str] | None:
    """The accounts whose events may be of interest; None for all."""
    ids = query.selection.account_ids
    if ids is None and not principal.everywhere:
        ids = tuple(principal.accounts)
    return frozenset(map(str, ids)) if ids is not None else None


def _is_valid(principal: Principal) -> bool:
    """Rights that end by the clock end without an event."""
    return principal.valid_until is None or utc_now() < principal.valid_until
