"""Answers by SMTP, from a real client to the real listener: taken once, or refused at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import aiosmtplib
import pytest
import pytest_asyncio
from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.notices.tokens import MailedTokens
from kit.objects import Objects
from kit.principal import Principal
from portal.ports import free_port
from services.cases.mail_in.addresses import ReplyAddresses
from services.cases.mail_in.listener import MailListener
from services.cases.mail_in.reception import Reception
from services.cases.models import (
    Case,
    CaseComment,
    CaseFile,
    CaseStatus,
    FileState,
    Notice,
    Person,
)
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.store import UploadStore
from tests.support.cases import OWN, a_caller, a_case, kept
from tests.support.corresponding import REPLY_DOMAIN, a_person

LARGEST = 1024 * 1024
REFUSALS = (
    aiosmtplib.SMTPDataError,
    aiosmtplib.SMTPRecipientsRefused,
    aiosmtplib.SMTPSenderRefused,
)
LIMITS = UploadLimits(size=LARGEST, open=5, patience=timedelta(days=1))


@dataclass
class Office:
    """The listener, and what is behind it."""

    cases: Database
    addresses: ReplyAddresses
    port: int = field(default_factory=free_port)

    async def send(self, mail: EmailMessage, to: str) -> Any:
        """Hand a mail to the listener. Raises what aiosmtplib raises."""
        return await aiosmtplib.send(
            mail,
            sender="ada@example.com",
            recipients=[to],
            hostname="127.0.0.1",
            port=self.port,
        )

    async def refusal(self, mail: EmailMessage, to: str) -> tuple[int, str]:
        """The answer to a mail that is not taken."""
        with pytest.raises(REFUSALS) as caught:
            await self.send(mail, to)
        error = caught.value
        inner = getattr(error, "recipients", [error])[0]
        return inner.code, inner.message

    async def comments(self, case: Case) -> list[CaseComment]:
        async with self.cases.system() as session:
            rows = await session.scalars(select(CaseComment).where(CaseComment.case_id == case.id))
            return list(rows)

    async def files(self, case: Case) -> list[CaseFile]:
        async with self.cases.system() as session:
            rows = await session.scalars(
                select(CaseFile).where(CaseFile.case_id == case.id).order_by(CaseFile.name)
            )
            return list(rows)

    async def seen(self, case: Case) -> Case:
        async with self.cases.system() as session:
            return await session.get_one(Case, case.id)


@asynccontextmanager
async def an_office(cases: Database, behind: Database | None = None) -> AsyncIterator[Office]:
    """Open, until the block ends; the listener works on the database `behind`, if given."""
    addresses = ReplyAddresses(MailedTokens(bytes(32), "cases"), REPLY_DOMAIN, timedelta(days=30))
    used = behind or cases
    store = UploadStore(used, Objects.open("memory:///"), LIMITS.patience)
    office = Office(cases, addresses)
    reception = Reception(used, store, addresses, LIMITS)
    listener = MailListener(reception, "127.0.0.1", office.port, LARGEST)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(listener.run())
        await listening(office.port)
        yield office
        running.cancel()


@pytest_asyncio.fixture
async def office(cases: Database) -> AsyncIterator[Office]:
    """Open, until the test ends."""
    async with an_office(cases) as office:
        yield office


async def listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0)
            else:
                writer.close()
                return


@dataclass
class Letter:
    """A mail that somebody got about their case."""

    customer: Principal
    case: Case
    person: Person
    address: str


async def a_letter(
    office: Office, customer: Principal | None = None, *, age: timedelta | None = None, **case: Any
) -> Letter:
    customer = customer or a_caller(*OWN)
    row, person = a_case(customer, **case), a_person(customer)
    notice = Notice(
        event_id=new_id(),
        email=person.email,
        email_key=person.email_key,
        locale="en",
        wording="answered",
        params={},
        page="/",
        thread_id=row.id,
        reader_id=person.id,
        created_at=datetime.now(UTC) - (age or timedelta()),
    )
    await kept(office.cases, row, person, notice)
    address = office.addresses.of(notice)
    assert address is not None
    return Letter(customer, row, person, address)


def an_answer(letter: Letter, text: str = "It burns still.", **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = headers.pop("From", f"Ada Byron <{letter.person.email}>")
    mail["To"] = letter.address
    mail["Subject"] = f"Re: Case {letter.case.number}"
    mail["Message-ID"] = headers.pop("Message_ID", f"<{new_id()}@example.com>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


async def test_an_answer_becomes_a_comment_of_whoever_was_written_to(office: Office) -> None:
    letter = await a_letter(office)
    text = "It burns still.\n\nOn Monday, Support wrote:\n> Turn it off.\n"

    await office.send(an_answer(letter, text), letter.address)

    (comment,) = await office.comments(letter.case)
    assert (comment.author_id, comment.body) == (letter.customer.id, "It burns still.")
    assert not comment.internal


async def test_an_answer_opens_a_closed_case_again(office: Office) -> None:
    letter = await a_letter(
        office, status=CaseStatus.CLOSED, closed_at=datetime.now(UTC), resolved_at=datetime.now(UTC)
    )

    await office.send(an_answer(letter), letter.address)

    case = await office.seen(letter.case)
    assert (case.status, case.reopen_count, case.closed_at) == (CaseStatus.OPEN, 1, None)


async def test_a_mail_that_is_delivered_twice_is_one_comment_with_its_files_once(
    office: Office,
) -> None:
    letter = await a_letter(office)
    mail = an_answer(letter)
    mail.add_attachment(b"burning", maintype="text", subtype="x-log", filename="server.log")

    await office.send(mail, letter.address)
    await office.send(mail, letter.address)

    assert len(await office.comments(letter.case)) == 1
    assert len(await office.files(letter.case)) == 1


async def test_attachments_become_files_of_the_comment_that_wait_to_be_looked_into(
    office: Office,
) -> None:
    letter = await a_letter(office)
    mail = an_answer(letter)
    for name, content in (("a.log", b"burning"), ("../../b\u202elog", b"")):
        mail.add_attachment(content, maintype="application", subtype="x-log", filename=name)

    await office.send(mail, letter.address)

    (comment,) = await office.comments(letter.case)
    files = await office.files(letter.case)
    assert [(file.name, file.size) for file in files] == [("a.log", 7), ("b_log", 0)]
    assert {file.state for file in files} == {FileState.SCANNING}
    assert {file.comment_id for file in files} == {comment.id}
    assert {file.internal for file in files} == {False}


async def test_an_address_that_was_altered_is_refused_before_the_mail_is_sent(
    office: Office,
) -> None:
    letter = await a_letter(office)
    altered = letter.address.replace("+", "+a", 1).replace("a@", "@", 1)

    code, message = await office.refusal(an_answer(letter), f"case+{'a' * 52}@{REPLY_DOMAIN}")
    other = await office.refusal(an_answer(letter), altered)

    assert (code, message) == (550, "5.1.1 There is no such address")
    assert other == (code, message)


async def test_an_address_is_good_for_its_mail_only_and_for_a_time(office: Office) -> None:
    letter = await a_letter(office, age=timedelta(days=30))

    code, message = await office.refusal(an_answer(letter), letter.address)

    assert (code, message.split(":")[0]) == (550, "5.1.6 This address has expired")


async def test_somebody_else_who_found_the_address_is_refused(office: Office) -> None:
    letter, other = await a_letter(office), await a_letter(office)

    code, _ = await office.refusal(an_answer(letter, From=other.person.email), letter.address)

    assert code == 550
    assert await office.comments(letter.case) == []


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}], ids=str
)
async def test_automatic_mail_is_refused(office: Office, headers: dict[str, str]) -> None:
    letter = await a_letter(office)

    code, message = await office.refusal(an_answer(letter, **headers), letter.address)

    assert (code, message) == (550, "5.7.1 Automatic mail is not taken here")


async def test_a_bounce_is_refused(office: Office) -> None:
    letter = await a_letter(office)

    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=office.port) as client:
        await client.mail("")
        with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refused:
            await client.rcpt(letter.address)

    assert refused.value.code == 550
    assert refused.value.message == "5.7.1 Automatic mail is not taken here"


async def test_rights_are_those_of_the_moment_of_the_answer(office: Office) -> None:
    letter = await a_letter(office)
    async with office.cases.system() as session:
        known = await session.get_one(Person, letter.person.id)
        known.principal = replace(letter.customer, accounts={}).encode()

    code, message = await office.refusal(an_answer(letter), letter.address)

    assert (code, message) == (550, "5.7.1 You cannot write to this case")
    assert await office.comments(letter.case) == []


async def test_people_who_are_gone_answer_no_more(office: Office) -> None:
    letter = await a_letter(office)
    async with office.cases.system() as session:
        (await session.get_one(Person, letter.person.id)).principal = None

    code, _ = await office.refusal(an_answer(letter), letter.address)

    assert code == 550


async def test_a_mail_that_is_too_large_is_refused(office: Office) -> None:
    letter = await a_letter(office)

    code, _ = await office.refusal(an_answer(letter, "x" * LARGEST), letter.address)

    assert code == 552


async def test_a_text_that_is_too_long_is_refused_with_advice(office: Office) -> None:
    letter = await a_letter(office)

    code, message = await office.refusal(an_answer(letter, "burns " * 12_000), letter.address)

    assert (code, message) == (552, "5.3.4 The text is too long: please send it as a file")


async def test_a_mail_is_for_one_address(office: Office) -> None:
    letter, other = await a_letter(office), await a_letter(office)

    refused, _ = await aiosmtplib.send(
        an_answer(letter),
        sender="ada@example.com",
        recipients=[letter.address, other.address],
        hostname="127.0.0.1",
        port=office.port,
    )

    assert [answer.code for answer in refused.values()] == [452]
    assert len(await office.comments(letter.case)) == 1
    assert await office.comments(other.case) == []


async def test_more_files_than_may_be_on_their_way_are_taken_all_the_same(office: Office) -> None:
    letter = await a_letter(office)
    mail = an_answer(letter)
    for number in range(LIMITS.open + 1):
        mail.add_attachment(b"x", maintype="application", subtype="x-log", filename=f"{number}.log")

    await office.send(mail, letter.address)

    assert len(await office.files(letter.case)) == LIMITS.open + 1


async def test_what_fails_on_our_side_is_put_off_and_not_told(
    cases: Database, office: Office
) -> None:
    letter = await a_letter(office)
    nowhere = Database(f"postgresql://nobody:secret@127.0.0.1:{free_port()}/none")

    async with an_office(cases, behind=nowhere) as broken:
        code, message = await broken.refusal(an_answer(letter), letter.address)

    assert (code, message) == (451, "4.3.0 Please try again later")
