"""What a mail says and to whom, before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kit.messages import LOCALES


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences marked with `N_`; `{named}` gaps are filled from the letter's `params`.

    `action` is said before the link.
    """

    subject: str
    paragraphs: Sequence[str]
    action: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the portal. A token goes into the fragment, which no server and no log sees."""

    page: str = "/"
    token_purpose: str | None = None
    token_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the language of whoever reads there."""

    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What a mail is about, in which mails about the same are kept together; `reader_id` is the
    person who may answer by mail, if one may."""

    id: UUID
    reader_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `wording` is a name in `Postman.wordings`; the same event, address and wording
    make one mail, however often the event arrives."""

    to: Recipient
    wording: str
    params: Mapping[str, str] = field(default_factory=dict)
    link: Link = Link()
    thread: Thread | None = None


def spoken(locale: str | None) -> str:
    """The language to write in for somebody who chose this one, or none."""
    return locale if locale in LOCALES else LOCALES[0]
