"""The 20 characters of a product key: made by chance, read as people type them, masked.

Two letters name the product, 17 characters are random (85 bits), the last one checks the others
by Luhn's rule over the alphabet. The letters I, L, O and U are left out: they look like others.
"""

import secrets
from collections.abc import Mapping
from typing import Final

from services.licensing.models import KeyProduct

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH: Final = 20
_GROUP: Final = 4
#: What is typed for what was meant.
_LOOKALIKES: Final = str.maketrans("OIL", "011", " -\u2010\u2011\u2013\u00a0\t")

PREFIXES: Final[Mapping[KeyProduct, str]] = {
    KeyProduct.CREATOR: "TC",
    KeyProduct.DESKTOP: "TD",
    KeyProduct.PREP: "TP",
    KeyProduct.SERVER: "TS",
    KeyProduct.CLOUD: "TW",
    KeyProduct.ELEARNING: "TE",
    KeyProduct.ADD_ON: "TA",
}


def new_code(product: KeyProduct) -> str:
    """A key's characters, without dashes, that nobody can guess."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 3))
    return completed(PREFIXES[product] + random)


def completed(characters: str) -> str:
    """The characters with their check character."""
    return characters + _ALPHABET[-_luhn(characters, last_doubles=True) % len(_ALPHABET)]


def read_code(text: str) -> str | None:
    """The key somebody typed, with or without dashes, in any case; None when it cannot be one."""
    code = text.upper().translate(_LOOKALIKES)
    if len(code) != _LENGTH or not _VALUES.keys() >= set(code):
        return None
    return code if _luhn(code, last_doubles=False) % len(_ALPHABET) == 0 else None


def written(code: str) -> str:
    """As it is printed: five groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _luhn(characters: str, *, last_doubles: bool) -> int:
    total, doubles = 0, last_doubles
    for character in reversed(characters):
        value = _VALUES[character] * (2 if doubles else 1)
        total += value // len(_ALPHABET) + value % len(_ALPHABET)
        doubles = not doubles
    return total
