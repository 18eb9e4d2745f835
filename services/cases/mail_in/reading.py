"""What a mail says: who wrote it, what is new in it, and the files that it brings."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any, Final

from kit.columns import plain
from kit.emails import email_key
from services.cases.mail_in.errors import AutomaticMail, UnreadableMail
from services.cases.mail_in.quotes import without_quotes

#: Parts of one mail, files and all: more is an attack on whoever takes it apart.
_MOST_PARTS: Final = 200
_UNNAMED: Final = "attachment"
_AUTOMATIC_PRECEDENCE: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
#: How the standard library's parser fails on what is no mail, besides its own errors.
_BROKEN: Final = (
    *(MessageError, LookupError, ValueError, AttributeError, TypeError),
    *(AssertionError, RecursionError),
)
_AUTOMATIC_HEADERS: Final = ("x-autoreply", "x-autorespond", "list-id", "x-loop")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. Its name is as the sender wrote it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail that a person wrote. `key` is the same however often it is delivered."""

    key: str
    #: `email_key` of whom it says it is from.
    sender_key: str
    text: str
    attachments: Sequence[Attachment]


def read(content: bytes) -> Answer:
    """The answer in a mail. Raises `AutomaticMail` and `UnreadableMail`."""
    try:
        return _read(content)
    except _BROKEN as error:
        raise UnreadableMail from error


def _read(content: bytes) -> Answer:
    message = message_from_bytes(content, policy=SMTP)
    if _is_automatic(message):
        raise AutomaticMail
    text = without_quotes(_text(message))
    attachments = list(_attachments(message))
    if not text and not attachments:
        raise UnreadableMail
    identity = str(message["Message-ID"] or "").strip().encode() or content
    return Answer(
        key=hashlib.sha256(identity).hexdigest(),
        sender_key=_sender(message),
        text=text or ", ".join(each.name for each in attachments),
        attachments=attachments,
    )


def _is_automatic(message: EmailMessage) -> bool:
    """RFC 3834, section 2, and what was usual before it."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in _AUTOMATIC_PRECEDENCE
        or message.get_content_type() == "multipart/report"
        or any(name in message for name in _AUTOMATIC_HEADERS)
    )


def _sender(message: EmailMessage) -> str:
    """The one address in `From`; several, or none, are nobody's."""
    headers: list[Any] = message.get_all("From", [])
    addresses = [address for header in headers for address in header.addresses]
    return email_key(addresses[0].addr_spec) if len(addresses) == 1 else ""


def _text(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    if plain is not None:
        return _decoded(plain)
    html = message.get_body(("html",))
    return _unmarked(_decoded(html)) if html is not None else ""


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    """Every part that is a file, however deep it lies."""
    body = {id(message.get_body((kind,))) for kind in ("plain", "html")}
    for count, part in enumerate(message.walk()):
        if count >= _MOST_PARTS:
            raise UnreadableMail
        if part.is_multipart() or id(part) in body:
            continue
        name = part.get_filename()
        if name is None and part.get_content_disposition() != "attachment":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attachment(name or _UNNAMED, content)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    if not isinstance(content, bytes):
        return ""
    try:
        text = content.decode(charset, errors="replace")
    except LookupError:
        text = content.decode(errors="replace")
    return plain(text)


def _unmarked(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.words)).strip()


class _Words(HTMLParser):
    """The words of an HTML mail, without what it quotes."""

    _BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
    _HIDDEN: Final = frozenset({"script", "style", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        if tag in self._BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag in self._BREAKS and tag != "br":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))
