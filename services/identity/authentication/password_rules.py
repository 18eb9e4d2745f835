"""Which passwords are good enough (NIST SP 800-63B, section 3.1.1.2).

Long ones that are not among the first to be tried. No rules of composition: they make passwords
that are harder to remember and easier to guess.

WeakPassword
  PasswordTooShort
  PasswordTooLong
  PasswordTooCommon
  PasswordPersonal
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kit.errors import Invalid
from kit.messages import N_
from services.identity.authentication.common_passwords import common_passwords

SHORTEST: Final = 12
LONGEST: Final = 128

#: What people add to a common password to make it a long one.
_ADDED: Final = 10
#: A part of a name that is shorter may be in a password by chance.
_SHORTEST_NAME: Final = 4
#: A pattern that is repeated, of so many characters at the most, is no better than one of it.
_PATTERN: Final = 6
_LEET: Final = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("1!", "ll"))
#: The row of digits begins anew.
_WRAPPED: Final = {("9", "0"): 1, ("0", "9"): -1}
_ENDS: Final = re.compile(r"^([\W\d_]*)(.*?)([\W\d_]*)$", re.DOTALL)


class WeakPassword(Invalid):
    """Choose another password."""


class PasswordTooShort(WeakPassword):
    """Fewer than `SHORTEST` characters."""

    sentence = N_("A password has {shortest} characters or more: several words are a good one.")

    def __init__(self) -> None:
        super().__init__(path=("newPassword",), shortest=SHORTEST)


class PasswordTooLong(WeakPassword):
    """More than `LONGEST` characters."""

    sentence = N_("A password has {longest} characters at the most.")

    def __init__(self) -> None:
        super().__init__(path=("newPassword",), longest=LONGEST)


class PasswordTooCommon(WeakPassword):
    """Known from leaks, or made from such a one."""

    sentence = N_("This password, or one much like it, is known from leaks: choose another.")

    def __init__(self) -> None:
        super().__init__(path=("newPassword",))


class PasswordPersonal(WeakPassword):
    """It says who the person is."""

    sentence = N_("A password must not contain the name or the e-mail address of its person.")

    def __init__(self) -> None:
        super().__init__(path=("newPassword",))


def check_password(password: str, *, email: str, name: str) -> None:
    """Raises `WeakPassword` unless it is good enough for this person."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(folded) < SHORTEST:
        raise PasswordTooShort
    if len(folded) > LONGEST:
        raise PasswordTooLong
    if any(part in folded for part in _personal(email, name)):
        raise PasswordPersonal
    if _is_common(folded):
        raise PasswordTooCommon


def _personal(email: str, name: str) -> Iterator[str]:
    local = email.rpartition("@")[0].partition("+")[0]
    text = unicodedata.normalize("NFKC", f"{local} {name}").casefold()
    for part in [*text.split(), *re.split(r"[\W_]+", text)]:
        if len(part) >= _SHORTEST_NAME:
            yield part


def _is_common(folded: str) -> bool:
    known = common_passwords()
    bare = "".join(filter(str.isalnum, folded))
    if {folded, bare} & known or _is_pattern(folded) or _is_pattern(bare):
        return True
    match = _ENDS.match(folded)
    before, core, after = match.groups() if match is not None else ("", folded, "")
    plain = {core, *(core.translate(table) for table in _LEET)}
    plain |= {each.translate(_LEET[0]) for each in plain}
    if not any(each in known or _is_pattern(each) for each in plain):
        return False
    added = before + after
    return len(added) <= _ADDED or added in known or _is_pattern(added)


def _is_pattern(text: str) -> bool:
    """One run of neighbours, like `aaaa`, `8901`, `fedc`, or something short again and again."""
    steps = {_WRAPPED.get(pair, ord(pair[1]) - ord(pair[0])) for pair in pairwise(text)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return True
    doubled = (text + text).find(text, 1)
    return 0 < doubled < len(text) and (doubled <= _PATTERN or text[:doubled] in common_passwords())
