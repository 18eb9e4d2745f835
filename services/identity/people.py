"""What people are called and where they get mail, as it is typed."""

import re
import unicodedata
from typing import Final

from kit.messages import LOCALES
from services.identity.errors import InvalidEmail, InvalidName, InvalidText, UnknownLocale

#: One @ with something on both sides and no spaces: whether mail arrives, only mail can tell.
_EMAIL: Final = re.compile(r"[^\s@<>]{1,64}@[^\s@.<>]+(\.[^\s@.<>]+)+")
_LONGEST_EMAIL: Final = 254
_LONGEST_NAME: Final = 100

#: Names are quoted in mails to strangers: nobody is called as a link is written.
_NO_NAME: Final = re.compile(r"[<>@:/\\]|www\.", re.IGNORECASE)


def person_name(typed: str, field: str) -> str:
    """A first or last name. Raises `InvalidName`."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= _LONGEST_NAME or not is_plain(name) or _NO_NAME.search(name):
        raise InvalidName(path=(field,))
    return name


def email_address(typed: str, field: str = "email") -> str:
    """An address as it is written to. Raises `InvalidEmail`."""
    email = unicodedata.normalize("NFC", typed).strip()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not is_plain(email):
        raise InvalidEmail(path=(field,))
    return email


def one_line(typed: str, field: str, *, most: int) -> str:
    """A text without line breaks. Raises `InvalidText`."""
    text = unicodedata.normalize("NFC", typed).strip()
    if not 1 <= len(text) <= most or not is_plain(text):
        raise InvalidText(path=(field,))
    return text


def language(typed: str | None) -> str | None:
    """One of the portal's languages, or none. Raises `UnknownLocale`."""
    if typed is not None and typed not in LOCALES:
        raise UnknownLocale(path=("locale",))
    return typed


def is_plain(text: str) -> bool:
    """Whether it has neither control characters nor invisible ones that turn text around."""
    return not any(unicodedata.category(each) in _UNPRINTABLE for each in text)


#: Control, format (direction overrides among them), surrogate, private use, line separators.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
