"""Principals by session: loaded from identity, kept for as long as nobody says they changed.

A principal is kept only while the stream of identity's events is live, so a change is never
missed. Without the stream every request asks identity; without identity nobody is let in.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from kit.principal import Principal

#: Principals kept. One is a few kilobytes.
_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal, its encoded form, which travels with every request to a service, and its
    scopes: gathered over all its accounts once, not with every operation."""

    principal: Principal
    encoded: str
    scopes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scopes", self.principal.scopes)

    def expired(self, now: datetime) -> bool:
        """Whether a right in it has ended by itself."""
        until = self.principal.valid_until
        return until is not None and until <= now


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """Somebody who waits for news of a session; whose it is may be unknown."""

    session_id: str
    principal_id: str | None
    changed: asyncio.Event


#: Asks identity for the encoded principal of a session; None when the session has ended.
LoadPrincipal = Callable[[str], Awaitable[str | None]]


class Principals:
    """A cache of callers by session id, emptied by events."""

    def __init__(
        self, load: LoadPrincipal, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._load = load
        self._now = now
        self._live = False
        self._changes = 0
        self._kept: OrderedDict[str, Caller] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Caller | None]] = {}
        self._watches: set[_Watch] = set()

    async def of_session(self, session_id: str) -> Caller | None:
        """The caller behind a session; None when the session has ended."""
        kept = self._kept.get(session_id)
        if kept is not None and not kept.expired(self._now()):
            self._kept.move_to_end(session_id)
            return kept
        return await self._loaded_once(session_id)

    @contextmanager
    def watched(self, session_id: str) -> Iterator[asyncio.Event]:
        """Set when `of_session` may answer differently than before the block."""
        kept = self._kept.get(session_id)
        principal_id = str(kept.principal.id) if kept is not None else None
        watch = _Watch(session_id, principal_id, asyncio.Event())
        self._watches.add(watch)
        try:
            yield watch.changed
        finally:
            self._watches.remove(watch)

    def went_live(self) -> None:
        """The stream of changes is being read: principals may be kept."""
        self._live = True
        # What changed in the meantime was heard by nobody.
        self._tell(lambda watch: True)

    def went_dark(self) -> None:
        """Changes may be missed from now on: nothing may be kept."""
        self._live = False
        self.forget_all()

    def forget_all(self) -> None:
        """Nothing that is kept may be used."""
        self._changes += 1
        self._kept.clear()

    def forget_session(self, session_id: str) -> None:
        """The session ended."""
        self._changes += 1
        self._kept.pop(session_id, None)
        self._tell(lambda watch: watch.session_id == session_id)

    def forget_principal(self, principal_id: str) -> None:
        """Somebody's rights changed. `principal_id` is the UUID's text."""
        self._changes += 1
        stale = [
            session
            for session, caller in self._kept.items()
            if str(caller.principal.id) == principal_id
        ]
        for session in stale:
            del self._kept[session]
        self._tell(lambda watch: watch.principal_id in (principal_id, None))

    def _tell(self, concerns: Callable[[_Watch], bool]) -> None:
        for watch in self._watches:
            if concerns(watch):
                watch.changed.set()

    async def _loaded_once(self, session_id: str) -> Caller | None:
        # A load that began before a change may bring what was true before it: it is not shared.
        key = f"{self._changes}:{session_id}"
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._load_and_keep(session_id))
            self._loading[key] = task
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        return await asyncio.shield(task)

    async def _load_and_keep(self, session_id: str) -> Caller | None:
        changes = self._changes
        encoded = await self._load(session_id)
        if encoded is None:
            return None
        caller = Caller(Principal.decode(encoded), encoded)
        if self._live and changes == self._changes:
            self._kept[session_id] = caller
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return caller
