"""Mail, to a real server: what arrives, what is never sent, and what a retry looks like."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from kit.mail import InvalidMail, Mail, Mailer, MailNotSent
from portal.ports import free_port

SENDER = "portal@example.com"
CALM = Mailer("smtp://127.0.0.1:1", SENDER, "Portal")


def a_mail(
    *,
    id: str = "case-comment/1",
    to: str = "reader@example.org",
    subject: str = "Your case",
    text: str = "Somebody answered.\n",
    html: str | None = None,
    headers: dict[str, str] | None = None,
) -> Mail:
    return Mail(id=id, to=to, subject=subject, text=text, html=html, headers=headers or {})


@dataclass
class Inbox:
    """A mail server that answers every mail alike."""

    answer: str = "250 Kept"
    port: int = field(default_factory=free_port)
    arrived: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.content)
        self.arrived.append(message_from_bytes(content, policy=policy.default))
        return self.answer

    @property
    def mailer(self) -> Mailer:
        return Mailer(f"smtp://127.0.0.1:{self.port}", SENDER, "Portal")


@asynccontextmanager
async def an_inbox(answer: str = "250 Kept") -> AsyncIterator[Inbox]:
    inbox = Inbox(answer)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", inbox.port
    )
    async with server:
        yield inbox


async def test_a_mail_arrives_with_text_and_page() -> None:
    mail = a_mail(subject="Réponse à votre demande", text="Où ?\n.\nLà.\n", html="<p>Là</p>")

    async with an_inbox() as inbox:
        await inbox.mailer.send(mail)

    (arrived,) = inbox.arrived
    assert arrived["From"] == "Portal <portal@example.com>"
    assert arrived["To"] == "reader@example.org"
    assert arrived["Subject"] == "Réponse à votre demande"
    assert arrived["Auto-Submitted"] == "auto-generated"
    text, page = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert text.get_content().splitlines() == ["Où ?", ".", "Là."]
    assert page is not None
    assert page.get_content().strip() == "<p>Là</p>"


async def test_a_retry_is_the_same_mail() -> None:
    async with an_inbox() as inbox:
        for mail in (a_mail(), a_mail(), a_mail(id="case-comment/2")):
            await inbox.mailer.send(mail)

    first, again, other = (mail["Message-ID"] for mail in inbox.arrived)
    assert first == again
    assert first != other
    assert first.endswith("@example.com>")


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0", "\x0b", "\x85", "\u2028"])
def test_a_subject_cannot_add_a_header(break_: str) -> None:
    message = CALM.compose(a_mail(subject=f"Hello{break_}Bcc: everyone@example.org"))

    assert message["Subject"] == "Hello Bcc: everyone@example.org"
    assert message["Bcc"] is None
    assert b"\nBcc:" not in message.as_bytes()


@pytest.mark.parametrize(
    "to",
    [
        "",
        "reader",
        "@example.org",
        "reader@",
        "reader@example.org\r\nBcc: everyone@example.org",
        "reader@example.org, everyone@example.org",
        "Reader <reader@example.org>",
        "reader@example.org\n",
    ],
)
async def test_what_is_no_address_is_refused(to: str) -> None:
    async with an_inbox() as inbox:
        with pytest.raises(InvalidMail):
            await inbox.mailer.send(a_mail(to=to))

    assert inbox.arrived == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("In-Reply-To", "<1@example.com>\r\nBcc: everyone@example.org"),
        ("X-A\r\nBcc", "everyone@example.org"),
        ("Bcc", "everyone@example.org"),
        ("message-id", "<1@example.com>"),
        ("X A", "1"),
    ],
)
def test_a_further_header_cannot_be_another_one(name: str, value: str) -> None:
    with pytest.raises(InvalidMail):
        CALM.compose(a_mail(headers={name: value}))


def test_a_further_header_is_added() -> None:
    message = CALM.compose(a_mail(headers={"In-Reply-To": "<1@example.com>"}))

    assert message["In-Reply-To"] == "<1@example.com>"


@pytest.mark.parametrize(("answer", "permanent"), [("550 Nobody", True), ("451 Later", False)])
async def test_a_refusal_says_whether_a_retry_helps(answer: str, permanent: bool) -> None:
    async with an_inbox(answer) as inbox:
        with pytest.raises(MailNotSent) as refusal:
            await inbox.mailer.send(a_mail())

    assert refusal.value.permanent is permanent


async def test_a_server_that_is_down_is_asked_again_later() -> None:
    mailer = Mailer(f"smtp://127.0.0.1:{free_port()}", SENDER)

    with pytest.raises(MailNotSent) as failure:
        await mailer.send(a_mail())

    assert not failure.value.permanent


async def test_a_password_does_not_leave_without_encryption() -> None:
    async with an_inbox() as inbox:
        mailer = Mailer(f"smtp://me:secret@127.0.0.1:{inbox.port}", SENDER)
        with pytest.raises(MailNotSent):
            await mailer.send(a_mail())

    assert inbox.arrived == []


@pytest.mark.parametrize("url", ["http://example.com", "smtp://", ""])
async def test_a_url_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        await Mailer(url, SENDER).send(a_mail())


def test_a_mailer_does_not_print_its_password() -> None:
    assert "secret" not in repr(Mailer("smtp://me:secret@example.com", SENDER))
