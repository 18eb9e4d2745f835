"""Mail: one message to one person, the same message however often it is sent.

The Message-ID follows from the mail's own id, so that a retry after a lost answer is a duplicate
that mail servers and clients recognise. Nothing that people type can add a header.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

_SECONDS: Final = 30.0
_PORTS: Final = {"smtp": 25, "smtps": 465}
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

#: What `Mailer` writes itself.
_OWN_HEADERS: Final = frozenset(
    {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "auto-submitted"}
)


class InvalidMail(ValueError):
    """An address is none, or a header would not stay one line: no retry helps."""


class MailNotSent(Exception):
    """The server did not take the mail. When it is `permanent`, no retry helps."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message. `id` names the occasion: a mail sent again has the same.

    `to` is a bare address. `headers` are further ones, such as `In-Reply-To`.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends through the server at `smtp://[user:password@]host[:port]`, or `smtps://…`.

    A password is told to a verified server only; without one, TLS is used where it is offered.
    """

    url: str = field(repr=False)
    sender: str
    sender_name: str = ""

    async def send(self, mail: Mail) -> None:
        """Hand the mail to the server. Raises `InvalidMail` and `MailNotSent`."""
        message = self.compose(mail)
        try:
            await aiosmtplib.send(message, timeout=_SECONDS, **_connection(self.url))
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise MailNotSent("recipient refused", permanent=min(codes) >= 500) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailNotSent("sign-in refused", permanent=False) from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailNotSent(f"refused with {error.code}", permanent=error.code >= 500) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailNotSent(type(error).__name__, permanent=False) from error

    def compose(self, mail: Mail) -> EmailMessage:
        """The mail as it is sent (RFC 5322). Raises `InvalidMail`."""
        message = EmailMessage(policy=SMTP)
        sender = _address(self.sender, self.sender_name)
        message["From"] = sender
        message["To"] = _address(mail.to)
        message["Subject"] = one_line(mail.subject)
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = message_id(mail.id, sender.domain)
        message["Auto-Submitted"] = "auto-generated"  # no holiday notes, please: RFC 3834
        for name, value in mail.headers.items():
            _add_header(message, name, value)
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
        return message


def message_id(id: str, domain: str) -> str:
    """The Message-ID of the mail with this id."""
    return f"<{hashlib.sha256(id.encode()).hexdigest()[:40]}@{domain}>"


def one_line(text: str) -> str:
    """The text with spaces where it breaks the line, which would begin another header."""
    return _CONTROLS.sub(" ", text).strip()


def _address(spec: str, name: str = "") -> Address:
    try:
        address = Address(display_name=one_line(name), addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise InvalidMail("This is no e-mail address.") from error
    if not address.username or not address.domain or _CONTROLS.search(spec):
        raise InvalidMail("This is no e-mail address.")
    return address


def _add_header(message: EmailMessage, name: str, value: str) -> None:
    if name.lower() in _OWN_HEADERS:
        raise InvalidMail(f"{name} is not for the mail to say.")
    if not re.fullmatch(r"[A-Za-z0-9-]+", name) or _CONTROLS.search(value):
        raise InvalidMail("A header has a plain name and one line.")
    message[name] = value


def _connection(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("Mail goes to smtp://host or smtps://host.")
    implicit, password = parts.scheme == "smtps", parts.password is not None
    return {
        "hostname": parts.hostname,
        "port": parts.port or _PORTS[parts.scheme],
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": implicit,
        # None: when the server offers it, whoever it is (RFC 7435): better than in the clear.
        "start_tls": False if implicit else password or None,
        "validate_certs": implicit or password,
    }
