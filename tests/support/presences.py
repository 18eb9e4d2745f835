"""Callers who stay, and change while they do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.authentication.callers import Unauthenticated
from gateway.authentication.credentials import Credentials
from gateway.authentication.presence import Presence
from gateway.authentication.principals import Caller
from kit.principal import Principal


@dataclass
class Person:
    """Signed in until they are `gone`."""

    principal: Principal
    gone: bool = False
    change: asyncio.Event = field(default_factory=asyncio.Event)
    seconds_left: float | None = None

    async def caller(self) -> Caller | None:
        """The person, if they are there."""
        if self.gone:
            raise Unauthenticated("This session has ended.")
        return Caller(self.principal, self.principal.encode())

    @contextmanager
    def changes(self) -> Iterator[asyncio.Event]:
        """Set by `becomes`."""
        yield self.change

    def becomes(self, **changes: Any) -> None:
        """Something about them is different from now on."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.change.set()


@dataclass
class People:
    """Knows one person by their token, `me`."""

    person: Person

    async def presence(self, credentials: Credentials | None) -> Presence:
        """The person. Raises `Unauthenticated` for anybody else."""
        if credentials is None or credentials.token != "me":
            raise Unauthenticated("Who is there?")
        return self.person

    async def caller(self, credentials: Credentials | None) -> Caller | None:
        """The person."""
        return await (await self.presence(credentials)).caller()
