"""What is new in a text that answers another: without the quotation and the signature.

Our own mails say where the answer ends. For the rest, programs introduce what they quote by a few
formulas; what is not known as a quotation stays, since a word too many is better than one lost.
"""

import re
from pathlib import Path
from typing import Final

from kit.messages import Catalogues, Message
from services.cases.notices.wordings import ANSWER_ABOVE

_HERE: Final = Path(__file__).parent.parent

#: Behind one of these lines nothing is new.
_END: Final = re.compile(
    r"""
    -{2,}\ ?(original\ message|message\ d[’']origine|forwarded\ message|message\ transféré)\ ?-{2,}
    | _{10,}                    # Outlook draws a line
    | --\ ?                     # a signature begins (RFC 3676, section 4.3)
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: `On Monday, Ada wrote:`, `Le lundi, Ada a écrit :`, perhaps over two or three lines.
_INTRODUCED: Final = re.compile(
    r"^(on\b.{3,300}\bwrote|le\b.{3,300}\ba écrit|de\s?:.{3,300})\s?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_LINES_OF_INTRODUCTION: Final = 3


def without_quotes(text: str) -> str:
    """The beginning of the text, as far as it is new."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for line in lines[: _end(lines)]:
        if not line.startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_introduction(kept))).strip()


def _end(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if any(marker in line for marker in _MARKERS) or _END.fullmatch(line.strip()):
            return number
        if _introduces(lines[number : number + _LINES_OF_INTRODUCTION + 1]):
            return number
    return len(lines)


def _introduces(lines: list[str]) -> bool:
    """Whether what these lines begin with introduces a quotation that follows."""
    for count in range(1, len(lines)):
        follows = lines[count] if lines[count].strip() else ">"
        if _INTRODUCED.match(" ".join(lines[:count]).strip()) and follows.startswith(">"):
            return True
    return False


def _without_introduction(lines: list[str]) -> list[str]:
    """Without a formula at the very end: what it introduced has been cut."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    for count in range(1, min(_LINES_OF_INTRODUCTION, len(lines)) + 1):
        if _INTRODUCED.match(" ".join(lines[-count:]).strip()):
            return lines[:-count]
    return lines


def _markers() -> tuple[str, ...]:
    french = Catalogues(_HERE).translate(Message(ANSWER_ABOVE), "fr")
    return (ANSWER_ABOVE, french)


_MARKERS: Final = _markers()
