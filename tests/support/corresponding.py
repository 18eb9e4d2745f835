"""The way of mails about cases, one step at a time, and the people who get and answer them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session
from redis.asyncio import Redis
from sqlalchemy import delete

import services.cases
from kit.consumer import Consumer
from kit.database import Database
from kit.emails import email_key
from kit.messages import Catalogues
from kit.notices.mailing import Mailing
from kit.outbox import OutboxRow, record
from kit.principal import Principal
from kit.relay import Relay, stream_of
from portal.ports import free_port
from portal.settings import CODE
from services.cases.commenting import NewComment, add_comment
from services.cases.events import FilesRequested, StatusChanged
from services.cases.models import (
    Case,
    CaseAccess,
    CaseParticipant,
    CaseStatus,
    FileRequest,
    Notice,
    Person,
)
from services.cases.notices.opening import open_mailing
from services.cases.settings import Settings
from tests.support.cases import OWN, a_caller, a_case, kept, the_settings
from tests.support.inbox import Inbox, an_inbox

ORIGIN = "https://portal.example"
REPLY_DOMAIN = "reply.example.com"
DESK = "desk@example.com"

_numbers = count(1)


def a_person(rights: Principal, **values: Any) -> Person:
    """Somebody of whom identity has told, with these rights."""
    email = f"person.{next(_numbers)}@example.com"
    defaults: dict[str, Any] = {
        "revision": 1,
        "name": "Ada Byron",
        "email": email,
        "email_key": email_key(email),
        "principal": rights.encode(),
    }
    return Person(id=rights.id, **{**defaults, **values})


def mail_settings(url: str, **changed: Any) -> Settings:
    """The desk of technical support reads mail, and mails can be answered."""
    values: dict[str, Any] = {
        "public_url": ORIGIN,
        "desk_addresses": {"TECHNICAL_SUPPORT": DESK},
        "reply_domain": REPLY_DOMAIN,
    }
    return the_settings(url, **{**values, **changed})


@dataclass
class Post:
    """From the outbox to the inbox: relay, consumer, postman."""

    cases: Database
    redis: Redis
    inbox: Inbox
    settings: Settings
    ahead: timedelta = field(default_factory=timedelta)

    @property
    def mailing(self) -> Mailing:
        """As the service opens it; its clock is `ahead`."""
        catalogues = Catalogues(Path(services.cases.__file__).parent)
        mailing = open_mailing("cases", self.settings, self.cases, catalogues)
        return replace(mailing, postman=replace(mailing.postman, now=self._now))

    async def queue(self) -> None:
        """Publish what was announced, and queue the mails that it leads to."""
        await Relay("cases", self.cases, self.redis).publish()
        member: Consumer = self.mailing.consumer(self.redis)
        await member.join()
        while await self._is_behind(member):
            await member.step()

    async def deliver(self) -> None:
        """Send all that is due."""
        postman = self.mailing.postman
        while await postman.send_next():
            pass

    async def run(self) -> None:
        """All the way."""
        await self.queue()
        await self.deliver()

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def _is_behind(self, member: Consumer) -> bool:
        groups: Any = await self.redis.xinfo_groups(stream_of("cases"))
        (group,) = [each for each in groups if each["name"] == member.group.encode()]
        return bool(group["lag"])


@asynccontextmanager
async def a_post(cases: Database, valkey_url: str) -> AsyncIterator[Post]:
    """Nothing is on its way."""
    async with cases.system() as session:
        await session.execute(delete(OutboxRow))
        await session.execute(delete(Notice))
    async with Redis.from_url(valkey_url) as redis, an_inbox() as inbox:
        await redis.flushall()
        settings = mail_settings("", mail_url=inbox.url)
        yield Post(cases, redis, inbox, settings)


@dataclass
class Silent:
    """A mail server that takes a mail and never says so."""

    port: int = field(default_factory=free_port)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this with each mail."""
        self.reached.set()
        await asyncio.Event().wait()
        return "250 Never said"

    @property
    def url(self) -> str:
        """Where to send."""
        return f"smtp://127.0.0.1:{self.port}"


@asynccontextmanager
async def a_silent_server() -> AsyncIterator[Silent]:
    """Listening, until the block ends."""
    silent, loop = Silent(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(silent, loop=loop), "127.0.0.1", silent.port)
    async with server:
        yield silent


async def a_process(settings: Settings, *, mail_url: str) -> asyncio.subprocess.Process:
    """The cases service as a process of its own, which may be killed."""
    told = settings.model_copy(update={"mail_url": mail_url}).model_dump(
        mode="json", exclude_none=True
    )
    environment = {f"CASES_{name.upper()}": _as_text(value) for name, value in told.items()}
    command = ("-m", "uvicorn", "--factory", "services.cases.app:create_app", "--port", "0")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *command, "--log-level", "critical"),
        env={"PATH": os.defpath, **environment},
        cwd=CODE,
    )


def _as_text(value: Any) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict) else str(value)


def text_of(mail: EmailMessage) -> str:
    """What the mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return "\n".join(body.get_content().splitlines()) + "\n"


async def commented(
    cases: Database, by: Principal, case: Case, body: str = "And now?", *, internal: bool = False
) -> None:
    """Somebody says something, or notes it."""
    async with cases.session(by) as session:
        await add_comment(session, by, NewComment(case.id, body, internal, []))


async def a_conversation(cases: Database, **person: Any) -> tuple[Principal, Case, Person]:
    """Somebody, their case, and what is known of them."""
    customer = a_caller(*OWN)
    case, known = a_case(customer, subject="It burns"), a_person(customer, **person)
    await kept(cases, case, known)
    return customer, case, known


async def shared_with(cases: Database, case: Case, reader: Principal) -> Person:
    """A reader of the case, and what is known of them."""
    known = a_person(reader)
    share = CaseParticipant(
        case_id=case.id,
        user_id=reader.id,
        account_id=case.account_id,
        access=CaseAccess.READ,
        shared_by_id=case.requester_id,
    )
    await kept(cases, known, share)
    return known


async def happened(cases: Database, fact: Any) -> None:
    """A fact is announced."""
    async with cases.system() as session:
        record(session, fact)


async def known(cases: Database, principal: Principal) -> Person:
    """What is known of a person."""
    async with cases.system() as session:
        return await session.get_one(Person, principal.id)


def a_status(case: Case, by: Principal, after: CaseStatus) -> StatusChanged:
    """The case is in another state."""
    return StatusChanged(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        actor_id=by.id,
        before=case.status.name,
        after=after.name,
    )


async def a_file_request(cases: Database, case: Case, by: Principal) -> None:
    """Support asks for files, as it does through the portal."""
    async with cases.session(by) as session:
        comment = await add_comment(session, by, NewComment(case.id, "The log.", False, []))
        asked = FileRequest(
            account_id=case.account_id,
            case_id=case.id,
            comment_id=comment.id,
            requested_by_id=by.id,
            what="The log.",
        )
        session.add(asked)
        fact = FilesRequested(
            case_id=case.id,
            account_id=case.account_id,
            queue=case.queue.name,
            comment_id=comment.id,
            requested_by_id=by.id,
        )
        record(session, fact)
