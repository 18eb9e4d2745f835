"""What a file is, by its first bytes: never by its name."""

import unicodedata
from typing import Final

import puremagic

UNKNOWN: Final = "application/octet-stream"
_TEXT: Final = "text/plain"

#: How many of the first bytes are looked at.
ENOUGH: Final = 64 * 1024

#: What a browser might run if it ever showed it: it is given out as plain bytes.
_ACTIVE: Final = frozenset(
    {
        "application/javascript",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
    }
)


def media_type(beginning: bytes) -> str:
    """The type under which the file is given out."""
    if not beginning:
        return UNKNOWN
    try:
        found = puremagic.from_string(beginning, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found in _ACTIVE:
        return UNKNOWN
    return found or (_TEXT if _is_text(beginning) else UNKNOWN)


def _is_text(beginning: bytes) -> bool:
    try:
        text = beginning.decode()
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 4:  # else the last character is only cut
            return False
        text = beginning[: error.start].decode()
    return not any(unicodedata.category(each) == "Cc" and each not in "\t\n\r\f" for each in text)
