"""A mail server that keeps what it is given, for as long as a test lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.ports import free_port


@dataclass
class Inbox:
    """Answers each mail with the next of `answers`, and with 250 when there is none left."""

    answers: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    arrived: list[EmailMessage] = field(default_factory=list)
    _delivered: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this with each mail."""
        content = cast(bytes, envelope.content)
        answer = self.answers.pop(0) if self.answers else "250 Kept"
        if answer.startswith("250"):
            self.arrived.append(message_from_bytes(content, policy=policy.default))
            self._delivered.set()
        return answer

    async def next(self) -> EmailMessage:
        """The first mail, as soon as there is one."""
        await self._delivered.wait()
        return self.arrived[0]

    @property
    def url(self) -> str:
        """Where to send."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, email: str) -> list[EmailMessage]:
        """What this address got."""
        return [mail for mail in self.arrived if mail["To"] == email]


@asynccontextmanager
async def an_inbox(*answers: str) -> AsyncIterator[Inbox]:
    """Listening, until the block ends."""
    inbox = Inbox(list(answers))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", inbox.port
    )
    async with server:
        yield inbox
